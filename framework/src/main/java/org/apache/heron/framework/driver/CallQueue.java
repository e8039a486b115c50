package org.apache.heron.framework.driver;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of one subscription: sent one after the other, each after the answer to the one before,
 * so that the master sees them in order.
 *
 * <p>A call whose answer does not come may or may not have been taken. It is sent again only if
 * that changes nothing; else the session ends, and what the master has is found out by
 * reconciliation.
 */
final class CallQueue {
  private static final Logger LOG = LoggerFactory.getLogger(CallQueue.class);

  /** How soon an idle thread sees that it is no longer needed. */
  private static final long IDLE_MILLIS = 250;

  private final Transport transport;
  private final Endpoint master;
  private final String streamId;
  private final Consumer<Ending> end;
  private final Consumer<Throwable> broken;
  private final MetricRegistry metrics;
  private final BlockingQueue<PendingCall> waiting;
  private final Thread thread;
  private volatile boolean stopped;

  /**
   * Starts a queue.
   *
   * @param end ends the session
   * @param broken told of an Error that has ended the queue's thread
   */
  CallQueue(
      Transport transport,
      Endpoint master,
      String streamId,
      int limit,
      Consumer<Ending> end,
      Consumer<Throwable> broken,
      MetricRegistry metrics) {
    this.transport = transport;
    this.master = master;
    this.streamId = streamId;
    this.end = end;
    this.broken = broken;
    this.metrics = metrics;
    this.waiting = new LinkedBlockingQueue<>(limit);
    this.thread = new Thread(this::run, "mesos-calls");
    thread.setDaemon(true);
    thread.start();
  }

  /** Puts a call at the end; never blocks. */
  void add(PendingCall pending) {
    if (!waiting.offer(pending)) {
      String reason = waiting.size() + " calls to the Mesos master at " + master + " wait already";
      pending.complete(new CallOutcome.Dropped(reason));
      giveUp(new Ending.Lost(reason));
    } else if (stopped) {
      dropAll();
    }
  }

  /** How many calls wait. */
  int size() {
    return waiting.size();
  }

  /** Drops what waits. A call that is under way is waited for by its own limit. */
  void stop() {
    stopped = true;
    dropAll();
  }

  /** Drops what waits and gives up the call that is under way. */
  void abandon() {
    stop();
    thread.interrupt();
  }

  /** Ends the session. INVARIANT: no call is sent after one that made it end. */
  private void giveUp(Ending reason) {
    stopped = true;
    end.accept(reason);
  }

  private void dropAll() {
    List<PendingCall> dropped = new ArrayList<>();
    waiting.drainTo(dropped);
    dropped.forEach(
        pending ->
            pending.complete(
                new CallOutcome.Dropped("the subscription with " + master + " ended")));
  }

  private void run() {
    try {
      while (!stopped) {
        PendingCall pending = waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        if (pending != null) {
          try {
            pending.complete(send(pending.call()));
          } finally {
            // Of use only if the thread was interrupted, or failed, during the call.
            pending.complete(new CallOutcome.Unknown("the driver ended during the call"));
          }
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("no longer calling {}", master);
    } catch (Throwable e) { // the thread's edge: nothing may end it silently, also no Error
      stopped = true;
      broken.accept(e);
    } finally {
      stopped = true;
      dropAll();
    }
  }

  private CallOutcome send(Call call) throws InterruptedException {
    Timer.Context time = metrics.timer("mesos.calls." + call.getType()).time();
    try {
      return judge(call, exchange(call));
    } catch (IOException | RuntimeException e) {
      String reason =
          "the Mesos master at "
              + master
              + " did not answer the call "
              + call.getType()
              + ": "
              + transport.reason(e);
      giveUp(new Ending.Lost(reason));
      return new CallOutcome.Unknown(reason);
    } finally {
      time.stop();
    }
  }

  private HttpResponse<String> exchange(Call call) throws IOException, InterruptedException {
    try {
      return transport.call(master, streamId, call);
    } catch (HttpTimeoutException e) {
      throw e;
    } catch (IOException e) {
      if (!repeatable(call) || stopped) {
        throw e;
      }
      // Typically a kept connection that the master's side has closed meanwhile.
      LOG.debug("sending {} again: {}", call.getType(), e.toString());
      return transport.call(master, streamId, call);
    }
  }

  /** True if the master's state is the same whether it gets the call once or twice. */
  private static boolean repeatable(Call call) {
    return switch (call.getType()) {
      case ACKNOWLEDGE,
          ACKNOWLEDGE_OPERATION_STATUS,
          DECLINE,
          DECLINE_INVERSE_OFFERS,
          KILL,
          RECONCILE,
          RECONCILE_OPERATIONS,
          REVIVE,
          SUPPRESS,
          TEARDOWN,
          UPDATE_FRAMEWORK ->
          true;
      default -> false;
    };
  }

  private CallOutcome judge(Call call, HttpResponse<String> answer) {
    int status = answer.statusCode();
    if (status == 202 || status == 200) {
      return new CallOutcome.Accepted();
    }
    String text = answer.body().isBlank() ? "no reason given" : answer.body().strip();
    String told =
        "the Mesos master at "
            + master
            + " answered the call "
            + call.getType()
            + " with "
            + status
            + ": "
            + text;
    if (status == 401 || status == 403) {
      giveUp(new Ending.Unauthorized(told));
    } else if (status < 400 || status >= 500 || isForeignStream(text)) {
      giveUp(new Ending.Lost(told));
    } else {
      LOG.warn("{}", told);
    }
    return status < 400 || status >= 500
        ? new CallOutcome.Dropped(told)
        : new CallOutcome.Rejected(status, text);
  }

  /** The subscription is no longer ours (texts: recordings bad-calls and failover). */
  private static boolean isForeignStream(String text) {
    return text.contains("didn't match the stream ID")
        || text.contains("Framework cannot be found")
        || text.contains("Framework is not subscribed");
  }
}
