package org.apache.heron.framework.driver;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mesos' v1 scheduler API in pure Java, behind the interfaces of Mesos' own Java library.
 *
 * <ul>
 *   <li>{@code connected} is called when a master listens; the scheduler answers by sending
 *       SUBSCRIBE. {@code disconnected} follows, once, when that try or subscription is over; a new
 *       {@code connected} comes by itself, ever later while tries fail.
 *   <li>Calls are sent in their order. Those made without a subscription are dropped, as the native
 *       driver does; {@link #call} tells what became of each.
 *   <li>After an event ERROR, also one that the driver makes of a SUBSCRIBE that the master
 *       refuses, nothing is tried again until {@link #reconnect}.
 *   <li>The scheduler is called on one daemon thread, which it must not hold up.
 * </ul>
 *
 * Thread-safe. {@link #send} and {@link #call} never block.
 */
public final class HttpMesos implements Mesos, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpMesos.class);

  /** Masters that redirect to each other are left alone for a while after so many. */
  private static final int MOST_REDIRECTS = 5;

  private final Scheduler scheduler;
  private final DriverOptions options;
  private final MetricRegistry metrics;
  private final Transport transport;
  private final MasterDetector detector;
  private final ScheduledExecutorService timer;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile Session session;
  private volatile DriverStatus status = new DriverStatus(Optional.empty(), Optional.empty());
  private volatile boolean closed;
  private volatile boolean reconnectAsked;
  private int failures;
  private int redirects;
  private int turn;

  private HttpMesos(
      Scheduler scheduler,
      DriverOptions options,
      MetricRegistry metrics,
      Function<Runnable, MasterDetector> detectors) {
    this.scheduler = scheduler;
    this.options = options;
    this.metrics = metrics;
    this.transport = new Transport(options);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "mesos-heartbeats"));
    this.detector = detectors.apply(this::leaderChanged);
    this.thread = daemon(this::run, "mesos-driver");
  }

  /**
   * Starts a driver; the scheduler is called from now on until {@link #close}.
   *
   * @param metrics get a timer {@code mesos.calls.<TYPE>} and a meter {@code mesos.events.<TYPE>}
   * @throws IllegalArgumentException if the CA file cannot be read; the message names it
   */
  public static HttpMesos start(
      Scheduler scheduler, DriverOptions options, MetricRegistry metrics) {
    return start(scheduler, options, metrics, changed -> detector(options, changed));
  }

  /**
   * Starts a driver that asks this detector for masters.
   *
   * @param detectors makes it, given what to call when it finds another leader
   */
  static HttpMesos start(
      Scheduler scheduler,
      DriverOptions options,
      MetricRegistry metrics,
      Function<Runnable, MasterDetector> detectors) {
    options.credential().ifPresent(Credential::warnIfExposed);
    HttpMesos driver = new HttpMesos(scheduler, options, metrics, detectors);
    driver.thread.start();
    return driver;
  }

  private static MasterDetector detector(DriverOptions options, Runnable changed) {
    if (options.masters() instanceof MasterUri.Named named) {
      return new NamedMasters(named);
    }
    return new ZooKeeperMasters(
        (MasterUri.ZooKeeper) options.masters(),
        options.caFile().isPresent(),
        options.connectLimit(),
        changed);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void send(Call call) {
    call(call)
        .thenAccept(
            outcome -> {
              if (!(outcome instanceof CallOutcome.Accepted)) {
                LOG.info("call {}: {}", call.getType(), outcome);
              }
            });
  }

  /** Sends a call as {@link #send} does, and tells what became of it; never fails. */
  public CompletableFuture<CallOutcome> call(Call call) {
    PendingCall pending = new PendingCall(call, new CompletableFuture<>());
    Session current = session;
    if (current == null) {
      pending.complete(new CallOutcome.Dropped("not connected with a Mesos master"));
    } else {
      current.submit(pending);
    }
    return pending.outcome();
  }

  /** Gives up the present connection or wait, and begins anew at once. */
  @Override
  public void reconnect() {
    reconnectAsked = true;
    endSession(new Ending.Restart("the scheduler asked to reconnect"));
    wake.release();
  }

  /** How things stand, for people. */
  public DriverStatus status() {
    return status;
  }

  /**
   * Completes when the driver's thread has ended after {@link #close}; exceptionally when it has
   * failed: then the scheduler is never called again, and there is nothing to be had but a new
   * driver.
   */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** How many calls wait to be sent. */
  public int waitingCalls() {
    Session current = session;
    return current == null ? 0 : current.waitingCalls();
  }

  /** Ends threads and connections; the scheduler is not called any more. Idempotent. */
  @Override
  public void close() {
    closed = true;
    endSession(new Ending.Closed());
    wake.release();
    thread.interrupt();
    detector.close();
    timer.shutdownNow();
    if (Thread.currentThread() != thread) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    transport.close();
  }

  private void endSession(Ending reason) {
    Session current = session;
    if (current != null) {
      current.end(reason);
    }
  }

  private void leaderChanged() {
    wake.release();
    endIfAnotherLeads(session);
  }

  private void endIfAnotherLeads(Session current) {
    List<Endpoint> candidates = detector.candidates();
    if (current != null && !candidates.isEmpty() && !candidates.contains(current.master())) {
      current.end(new Ending.Restart(candidates.get(0) + " leads now, not " + current.master()));
    }
  }

  private void run() {
    Optional<Endpoint> redirect = Optional.empty();
    try {
      while (!closed) {
        List<Endpoint> known = detector.candidates();
        Optional<Endpoint> target = redirect.or(() -> nextOf(known));
        redirect = Optional.empty();
        if (target.isEmpty()) {
          trouble(new Trouble.Unreachable(detector.problem() + "; waiting for one"));
          pause(options.lastBackOff());
        } else {
          redirect = conclude(attempt(target.get(), known));
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the driver was closed while it waited");
    } catch (Throwable e) { // the thread's edge: nothing may end it silently, also no Error
      failed(e);
    } finally {
      session = null;
      ended.complete(null);
    }
  }

  private void failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    try {
      LOG.error("the driver failed and ends", failure);
      trouble(new Trouble.Refused("the Mesos driver failed: " + cause));
    } finally { // also if a class is missing just for that
      ended.completeExceptionally(cause);
    }
  }

  private Optional<Endpoint> nextOf(List<Endpoint> candidates) {
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(candidates.get(turn % candidates.size()));
  }

  /**
   * @param known the candidates when this master was chosen
   */
  private Ending attempt(Endpoint master, List<Endpoint> known) {
    reconnectAsked = false;
    try {
      transport.probe(master);
    } catch (IOException e) {
      return new Ending.Lost(
          "no Mesos master answers at "
              + master
              + " ("
              + MasterUri.KEY
              + (detector.knowsLeader() ? ": " + options.masters() : "")
              + "): "
              + transport.reason(e));
    }
    Session current =
        new Session(transport, options, master, event -> received(master, event), timer, metrics);
    session = current;
    if (closed) {
      current.end(new Ending.Closed());
    } else if (!detector.candidates().equals(known)) {
      // There was no session yet that the news could have ended.
      endIfAnotherLeads(current);
    }
    tell("connected", () -> scheduler.connected(this));
    Ending ending = current.run();
    session = null;
    status = new DriverStatus(Optional.empty(), status.trouble());
    if (current.wasSubscribed()) {
      failures = 0;
      redirects = 0;
    }
    if (!closed) {
      tell("disconnected", () -> scheduler.disconnected(this));
    }
    return ending;
  }

  private void received(Endpoint master, Event event) {
    if (event.getType() == Event.Type.SUBSCRIBED) {
      LOG.info("subscribed with the Mesos master at {}", master);
      status = new DriverStatus(Optional.of(master.toString()), Optional.empty());
    }
    if (!closed) {
      scheduler.received(this, event);
    }
  }

  private void tell(String what, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.error("the scheduler failed when told that the driver is {}", what, e);
      endSession(new Ending.Lost("the scheduler failed when told of the connection: " + e));
    }
  }

  /** Waits as the ending demands; returns whom to ask next if that is given. */
  private Optional<Endpoint> conclude(Ending ending) throws InterruptedException {
    if (ending instanceof Ending.Moved moved && redirects++ < MOST_REDIRECTS) {
      LOG.info("redirected to the Mesos master at {}", moved.target());
      return Optional.of(moved.target());
    } else if (ending instanceof Ending.Moved moved) {
      failed("masters redirect to each other, last to " + moved.target(), true);
    } else if (ending instanceof Ending.Restart restart) {
      LOG.info("{}", restart.message());
      failures = 0;
    } else if (ending instanceof Ending.Lost lost) {
      failed(lost.message(), true);
    } else if (ending instanceof Ending.TornDown tornDown) {
      // What we have asked for is no trouble; whoever wants more of this driver subscribes anew.
      LOG.debug("{}, as we asked for with TEARDOWN", tornDown.message());
      pause(options.backOff(1));
    } else if (ending instanceof Ending.Unauthorized unauthorized) {
      failed(unauthorized.message(), false);
    } else if (ending instanceof Ending.Refused refused) {
      halt(refused.message());
    }
    return Optional.empty();
  }

  private void failed(String message, boolean unreachable) throws InterruptedException {
    redirects = 0;
    turn++;
    failures++;
    int masters = Math.max(1, detector.candidates().size());
    boolean otherFirst = unreachable && masters > 1 && failures % masters != 0;
    Duration wait = otherFirst ? Duration.ZERO : options.backOff(1 + (failures - 1) / masters);
    String text = message + "; retrying in " + Transport.seconds(wait);
    trouble(unreachable ? new Trouble.Unreachable(text) : new Trouble.Unauthorized(text));
    if (!otherFirst) {
      pause(wait);
    }
  }

  private void halt(String message) throws InterruptedException {
    LOG.error("{}", message);
    trouble(new Trouble.Refused(message));
    while (!closed && !reconnectAsked) {
      pause(options.lastBackOff());
    }
  }

  private void trouble(Trouble trouble) {
    if (!Optional.of(trouble).equals(status.trouble())) {
      LOG.warn("{}", trouble.message());
    }
    status = new DriverStatus(Optional.empty(), Optional.of(trouble));
  }

  /** Waits, unless something happens that may change matters. */
  private void pause(Duration duration) throws InterruptedException {
    if (!closed && !reconnectAsked) {
      boolean woken = wake.tryAcquire(duration.toNanos(), TimeUnit.NANOSECONDS);
      if (woken) {
        wake.drainPermits();
      }
    }
  }
}
