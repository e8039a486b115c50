package org.apache.heron.minicluster.master;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.web.StreamSink;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * A framework's subscription: events as RecordIO (length in decimal, newline, bytes), with
 * heartbeats between them. Used on the master's thread.
 */
final class EventStream {
  private static final Event HEARTBEAT = Event.newBuilder().setType(Event.Type.HEARTBEAT).build();

  private final String id;
  private final MediaType media;
  private final StreamSink sink;
  private final Faults faults;
  private FrameworkID framework = FrameworkID.getDefaultInstance();
  private Future<?> heartbeat;

  EventStream(String id, MediaType media, StreamSink sink, Faults faults) {
    this.id = id;
    this.media = media;
    this.sink = sink;
    this.faults = faults;
  }

  /** What {@code Mesos-Stream-Id} says. */
  String id() {
    return id;
  }

  void belongsTo(FrameworkID owner) {
    framework = owner;
  }

  boolean isOpen() {
    return sink.isOpen();
  }

  /** Runs once when either side has closed; on any thread. */
  void onClose(Runnable action) {
    sink.onClose(action);
  }

  void send(Event event) {
    if (faults.loses(framework, event)) {
      return;
    }
    byte[] bytes =
        media == MediaType.PROTOBUF ? event.toByteArray() : MesosJson.write(MesosJson.tree(event));
    byte[] length = (bytes.length + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] record = new byte[length.length + bytes.length];
    System.arraycopy(length, 0, record, 0, length.length);
    System.arraycopy(bytes, 0, record, length.length, bytes.length);
    sink.write(record);
  }

  /** Sends a heartbeat now and then at every interval until the stream ends. */
  void beat(MasterLoop loop, Duration interval) {
    if (sink.isOpen()) {
      send(HEARTBEAT);
      heartbeat = loop.after(interval, () -> beat(loop, interval));
    }
  }

  /** Sends an ERROR and ends the stream. */
  void fail(String message) {
    send(
        Event.newBuilder()
            .setType(Event.Type.ERROR)
            .setError(Event.Error.newBuilder().setMessage(message))
            .build());
    close();
  }

  void close() {
    if (heartbeat != null) {
      heartbeat.cancel(false);
    }
    sink.close();
  }
}
