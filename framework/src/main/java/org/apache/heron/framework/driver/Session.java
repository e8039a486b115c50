package org.apache.heron.framework.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.codahale.metrics.MetricRegistry;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try with one master: waits for the scheduler's SUBSCRIBE, sends it, hands events on and calls
 * in order, until something ends it. {@link #run} is for the driver's thread, the rest is
 * thread-safe.
 */
final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final int PIECE_BYTES = 64 * 1024;

  private final Transport transport;
  private final DriverOptions options;
  private final Endpoint master;
  private final Consumer<Event> receiver;
  private final MetricRegistry metrics;
  private final SilenceWatch watch;
  private final CompletableFuture<PendingCall> subscribe = new CompletableFuture<>();
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private volatile boolean subscribed;
  private volatile boolean tearingDown;
  private volatile CallQueue calls;

  Session(
      Transport transport,
      DriverOptions options,
      Endpoint master,
      Consumer<Event> receiver,
      ScheduledExecutorService timer,
      MetricRegistry metrics) {
    this.transport = transport;
    this.options = options;
    this.master = master;
    this.receiver = receiver;
    this.metrics = metrics;
    this.watch = new SilenceWatch(timer, this::silent);
  }

  Endpoint master() {
    return master;
  }

  /** True once the master has said SUBSCRIBED. */
  boolean wasSubscribed() {
    return subscribed;
  }

  /** How many calls wait to be sent. */
  int waitingCalls() {
    CallQueue queue = calls;
    return queue == null ? 0 : queue.size();
  }

  /** Ends the session for this reason, unless it has ended. */
  void end(Ending reason) {
    ending.complete(reason);
  }

  /** Ends the session and its driver: a thread has failed with this. */
  private void broken(Throwable failure) {
    ending.completeExceptionally(failure);
  }

  /** Takes a call; its outcome comes later. */
  void submit(PendingCall pending) {
    CallQueue queue = calls;
    if (ending.isDone()) {
      pending.complete(new CallOutcome.Dropped("the subscription with " + master + " has ended"));
    } else if (pending.call().getType() == Call.Type.SUBSCRIBE) {
      if (!subscribe.complete(pending)) {
        pending.complete(new CallOutcome.Dropped("subscribed or subscribing already"));
      }
    } else if (queue == null) {
      pending.complete(new CallOutcome.Dropped("not subscribed with " + master + " yet"));
    } else {
      tearingDown |= pending.call().getType() == Call.Type.TEARDOWN;
      queue.add(pending);
    }
  }

  /**
   * Runs to the end and tells why it ended.
   *
   * @throws CompletionException if one of the session's threads has failed
   */
  Ending run() {
    try {
      CompletableFuture.anyOf(subscribe, ending).join();
      if (!ending.isDone()) {
        PendingCall pending = subscribe.join();
        try {
          subscribe(pending);
        } finally {
          pending.complete(new CallOutcome.Unknown("the session with " + master + " ended"));
        }
      }
    } finally {
      // Has ended by now, unless an Error passes: then, too, no call may be taken any more.
      ending.completeExceptionally(new IllegalStateException("the driver's thread has failed"));
      letGo();
    }
    return ending.join() instanceof Ending.Lost lost && tearingDown
        ? new Ending.TornDown(lost.message())
        : ending.join();
  }

  private void letGo() {
    watch.stop();
    boolean closed = ending.handle((end, failure) -> end instanceof Ending.Closed).join();
    if (calls != null && closed) {
      calls.abandon();
    } else if (calls != null) {
      calls.stop();
    }
    if (subscribe.isDone()) {
      subscribe.join().complete(new CallOutcome.Dropped("the session with " + master + " ended"));
    }
  }

  private void subscribe(PendingCall pending) {
    CompletableFuture<HttpResponse<InputStream>> answer;
    try {
      answer = transport.subscribe(master, pending.call());
    } catch (IOException e) {
      // The secret could not be read.
      end(new Ending.Unauthorized(e.getMessage()));
      return;
    }
    ending.whenComplete((reason, never) -> answer.cancel(true));
    try {
      HttpResponse<InputStream> head = answer.join();
      try (InputStream body = head.body()) {
        ending.whenComplete((reason, never) -> closeQuietly(body));
        watch.expect(options.callLimit());
        answered(pending, head, body);
      }
    } catch (IOException e) {
      end(new Ending.Lost(lost(transport.reason(e))));
    } catch (CancellationException e) {
      end(new Ending.Lost(lost("cancelled")));
    } catch (CompletionException e) {
      end(new Ending.Lost(lost(transport.reason(e.getCause()))));
    }
  }

  private void answered(PendingCall pending, HttpResponse<InputStream> head, InputStream body)
      throws IOException {
    if (head.statusCode() != 200) {
      String text = new String(body.readNBytes(BoundedText.MOST_BYTES), UTF_8).strip();
      pending.complete(new CallOutcome.Rejected(head.statusCode(), text));
      Ending refusal = Refusal.judge(master, options, head, text);
      if (refusal instanceof Ending.Refused refused) {
        hand(error(refused.message()));
      }
      end(refusal);
      return;
    }
    String streamId = head.headers().firstValue(Transport.STREAM_ID).orElse("");
    String type = head.headers().firstValue("Content-Type").orElse("no Content-Type");
    if (streamId.isEmpty() || !type.startsWith(Transport.PROTOBUF)) {
      end(
          new Ending.Lost(
              master
                  + " does not answer as a Mesos master does ("
                  + type
                  + (streamId.isEmpty() ? ", no " + Transport.STREAM_ID : "")
                  + "): is "
                  + MasterUri.KEY
                  + " right?"));
      return;
    }
    calls =
        new CallQueue(
            transport,
            master,
            streamId,
            options.maximumQueuedCalls(),
            this::end,
            this::broken,
            metrics);
    pending.complete(new CallOutcome.Accepted());
    read(body);
  }

  private void read(InputStream body) throws IOException {
    RecordDecoder decoder = new RecordDecoder(options.maximumRecordBytes());
    byte[] piece = new byte[PIECE_BYTES];
    try {
      while (!ending.isDone()) {
        int length = body.read(piece);
        if (length < 0) {
          decoder.finish();
          end(new Ending.Lost("the Mesos master at " + master + " closed the subscription"));
          return;
        }
        watch.heard();
        for (ByteString record : decoder.feed(piece, 0, length)) {
          if (ending.isDone()) {
            return;
          }
          received(record);
        }
      }
    } catch (RecordDecoder.MalformedStream e) {
      end(
          new Ending.Lost(
              "the Mesos master at " + master + " sent what is no RecordIO: " + e.getMessage()));
    }
  }

  private void received(ByteString record) {
    Event event;
    try {
      event = Event.parseFrom(record);
    } catch (InvalidProtocolBufferException e) {
      end(
          new Ending.Lost(
              "the Mesos master at "
                  + master
                  + " sent a record of "
                  + record.size()
                  + " bytes that is no event: "
                  + e.getMessage()));
      return;
    }
    metrics.meter("mesos.events." + event.getType()).mark();
    if (event.getType() == Event.Type.SUBSCRIBED) {
      subscribed = true;
      double interval = event.getSubscribed().getHeartbeatIntervalSeconds();
      if (interval > 0) {
        long millis = (long) (interval * 1_000 * options.missedHeartbeats());
        watch.expect(Duration.ofMillis(Math.max(1, millis)));
      } else {
        watch.stop();
      }
    }
    hand(event);
    if (event.getType() == Event.Type.ERROR) {
      end(
          new Ending.Refused(
              "the Mesos master at "
                  + master
                  + " has ended this framework: "
                  + event.getError().getMessage()));
    }
  }

  private void hand(Event event) {
    try {
      receiver.accept(event);
    } catch (RuntimeException e) {
      LOG.error("the scheduler failed on the event {}; subscribing anew", event.getType(), e);
      end(new Ending.Lost("the scheduler failed on an event " + event.getType() + ": " + e));
    }
  }

  /** What the native driver makes of a refused SUBSCRIBE, too. */
  private static Event error(String message) {
    return Event.newBuilder()
        .setType(Event.Type.ERROR)
        .setError(Event.Error.newBuilder().setMessage(message))
        .build();
  }

  private void silent(Duration limit) {
    try {
      end(
          new Ending.Lost(
              "the Mesos master at "
                  + master
                  + " has been silent for "
                  + Transport.seconds(limit)
                  + (subscribed ? ", " + options.missedHeartbeats() + " heartbeats" : "")));
    } catch (Throwable e) { // the timer's edge, which would swallow it
      broken(e);
    }
  }

  private String lost(String reason) {
    return "the Mesos master at " + master + " (" + MasterUri.KEY + ") does not serve: " + reason;
  }

  private void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      LOG.debug("closing the subscription with {}", master, e);
    }
  }
}
