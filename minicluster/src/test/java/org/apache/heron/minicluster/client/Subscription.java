package org.apache.heron.minicluster.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A stream of events that is read in the background until either side closes it. */
public final class Subscription implements AutoCloseable {
  private final BlockingQueue<byte[]> records = new LinkedBlockingQueue<>();
  private final InputStream body;
  private volatile boolean ended;

  Subscription(InputStream body) {
    this.body = body;
    Thread reader = new Thread(this::read, "test-subscription");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try {
      for (Optional<byte[]> r = RecordIo.next(body); r.isPresent(); r = RecordIo.next(body)) {
        records.add(r.get());
      }
    } catch (IOException e) {
      ended = true; // a cut stream ends like any other
    } finally {
      ended = true;
    }
  }

  /** The next record, if one has come. */
  public Optional<byte[]> poll() {
    return Optional.ofNullable(records.poll());
  }

  /** True when the stream has ended and every record was taken. */
  public boolean isOver() {
    return ended && records.isEmpty();
  }

  /** Cuts the connection. */
  @Override
  public void close() throws IOException {
    body.close();
  }
}
