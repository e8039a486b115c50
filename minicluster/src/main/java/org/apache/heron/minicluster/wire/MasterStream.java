package org.apache.heron.minicluster.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's registration with a master, for as long as their stream is open: one thread reads what
 * the master asks, one says what the agent has to say, in its order. Thread-safe; nothing blocks
 * the caller.
 */
final class MasterStream {
  private static final Logger LOG = LoggerFactory.getLogger(MasterStream.class);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  /** So much is never waiting unless the master has stopped to listen. */
  private static final int MOST_WAITING = 10_000;

  /** What is put in the queue to end the stream after what is in it. */
  private static final byte[] LAST = new byte[0];

  /** Told of the stream's life, each at most once. */
  interface Listener {
    /** The master has said something, so the agent is registered or refused. */
    void answered(MasterStream stream);

    /** The stream is over, or never was. */
    void ended(MasterStream stream, String why);
  }

  private final HttpClient client;
  private final URI uri;
  private final MasterCalls.Registration registration;
  private final AgentLink agent;
  private final Listener listener;
  private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Thread reader = thread(this::read, "agent-line-in");
  private final Thread writer = thread(this::write, "agent-line-out");
  private volatile Optional<InputStream> body = Optional.empty();
  private volatile String id = "";

  MasterStream(
      HttpClient client,
      URI uri,
      MasterCalls.Registration registration,
      AgentLink agent,
      Listener listener) {
    this.client = client;
    this.uri = uri;
    this.registration = registration;
    this.agent = agent;
    this.listener = listener;
  }

  private static Thread thread(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  void start() {
    reader.start();
  }

  /** Says something to the master; nothing happens if the stream is over. */
  void say(byte[] call) {
    if (!ended.get() && !waiting.offer(call)) {
      end("the master does not take what " + MOST_WAITING + " calls say");
    }
  }

  /** True if nothing waits to be said. */
  boolean isIdle() {
    return waiting.isEmpty();
  }

  /** Ends it after what waits has been said, without a word to the listener. */
  void finish(Duration patience) {
    if (writer.isAlive() && waiting.offer(LAST)) {
      try {
        writer.join(patience.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    abandon();
  }

  /** Ends it now, without a word to the listener. */
  void abandon() {
    ended.set(true);
    release();
  }

  private void end(String why) {
    if (ended.compareAndSet(false, true)) {
      release();
      listener.ended(this, why);
    }
  }

  private void release() {
    waiting.clear();
    if (Thread.currentThread() != writer) {
      writer.interrupt();
    }
    if (Thread.currentThread() != reader) {
      reader.interrupt();
    }
    body.ifPresent(MasterStream::close);
  }

  private static void close(InputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      LOG.debug("the stream was broken already", e);
    }
  }

  private void read() {
    try {
      HttpResponse<InputStream> answer =
          client.send(
              request(uri, registration.bytes()), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream stream = answer.body()) {
        body = Optional.of(stream);
        if (answer.statusCode() != 200) {
          end("the master at " + uri.getAuthority() + " answers " + answer.statusCode());
          return;
        }
        id = answer.headers().firstValue(MasterCalls.STREAM_ID).orElse("");
        writer.start();
        hear(new RecordReader(stream));
      }
      end("the master closed the stream");
    } catch (IOException e) {
      end("the line to the master at " + uri.getAuthority() + " is broken: " + e.getMessage());
    } catch (InterruptedException e) {
      end("interrupted");
    }
  }

  private void hear(RecordReader records) throws IOException {
    boolean first = true;
    for (Optional<byte[]> call = records.next();
        call.isPresent() && !ended.get();
        call = records.next()) {
      if (first) {
        listener.answered(this);
        first = false;
      }
      AgentCalls.dispatch(call.get(), agent);
    }
  }

  private void write() {
    try {
      for (byte[] call = waiting.take(); call != LAST; call = waiting.take()) {
        HttpResponse<Void> answer =
            client.send(
                request(URI.create(uri + "/" + id), call), HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() != 202) {
          end("the master at " + uri.getAuthority() + " answers " + answer.statusCode());
          return;
        }
      }
    } catch (IOException e) {
      end("the line to the master at " + uri.getAuthority() + " is broken: " + e.getMessage());
    } catch (InterruptedException e) {
      end("interrupted");
    }
  }

  private static HttpRequest request(URI uri, byte[] body) {
    return HttpRequest.newBuilder(uri)
        .timeout(ANSWER_LIMIT)
        .header("Content-Type", "application/x-protobuf")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }
}
