package org.apache.heron.scheduler.local.process;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.heron.scheduler.local.core.Event;
import org.apache.heron.service.call.Http;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks containers now and again whether they are well: a process that hangs does not end by itself.
 * Failures count from the first success on, or after five minutes. Thread-safe.
 */
final class HealthWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthWatch.class);

  /** Those that hang hold up a thread each, for as long as a look may take. */
  private static final int THREADS = 4;

  private static final Duration GRACE = Duration.ofMinutes(5);

  private final HealthCheck check;
  private final List<InetAddress> addresses;
  private final Consumer<Event> listener;
  private final Map<Integer, Patient> patients = new ConcurrentHashMap<>();
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "local-health");
            thread.setDaemon(true);
            return thread;
          });

  /** One process; only one look at it is under way at a time. */
  private static final class Patient {
    private final int id;
    private final int attempt;
    private final int port;
    private final long since = System.nanoTime();
    private volatile boolean wasWell;
    private volatile int failures;

    Patient(int id, int attempt, int port) {
      this.id = id;
      this.attempt = attempt;
      this.port = port;
    }

    boolean counts() {
      return wasWell || System.nanoTime() - since > GRACE.toNanos();
    }
  }

  /**
   * @param addresses at which a container may listen, the likeliest first
   * @param listener told from a thread of this object
   */
  HealthWatch(HealthCheck check, Set<InetAddress> addresses, Consumer<Event> listener) {
    this.check = check;
    this.addresses = List.copyOf(addresses);
    this.listener = listener;
  }

  /**
   * Looks after a process, in place of the container's former one.
   *
   * @param port of its web shell
   */
  void begin(int id, int attempt, int port) {
    if (check.wanted()) {
      Patient patient = new Patient(id, attempt, port);
      patients.put(id, patient);
      later(patient);
    }
  }

  /** The process has ended. */
  void end(int id, int attempt) {
    patients.computeIfPresent(id, (same, patient) -> patient.attempt == attempt ? null : patient);
  }

  private void later(Patient patient) {
    try {
      threads.schedule(() -> look(patient), check.interval().toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the watch has ended");
    }
  }

  private void look(Patient patient) {
    if (patients.get(patient.id) != patient) {
      return;
    }
    try {
      judge(patient, illness(patient.port));
    } catch (RuntimeException e) { // the thread's edge: the next look tries again
      LOG.warn("cannot look whether container {} is well", patient.id, e);
    }
    later(patient);
  }

  private void judge(Patient patient, Optional<String> illness) {
    if (illness.isEmpty()) {
      patient.wasWell = true;
      patient.failures = 0;
      return;
    }
    LOG.debug("container {} is not well: {}", patient.id, illness.get());
    int failures = patient.counts() ? patient.failures + 1 : 0;
    patient.failures = failures;
    // Again and again, should it go on running.
    if (failures >= check.failures() && patients.get(patient.id) == patient) {
      String times = failures == 1 ? "" : " " + failures + " times in a row";
      listener.accept(
          new Event.Unwell(
              patient.id,
              patient.attempt,
              "its health check failed" + times + ": " + illness.get()));
    }
  }

  /** Why it is not well; empty if it is. */
  private Optional<String> illness(int port) {
    String silence = "nothing listens at port " + port;
    for (InetAddress address : addresses) {
      try {
        URI uri = new URI("http", null, address.getHostAddress(), port, "/health", null, null);
        Http.Answer answer = Http.call(uri, Optional.empty(), check.timeout());
        // As Mesos' health checks judge.
        return answer.status() >= 200 && answer.status() < 400
            ? Optional.empty()
            : Optional.of((answer.status() + " " + answer.line()).strip());
      } catch (ConnectException e) {
        LOG.debug("nothing listens at {}:{}", address, port);
      } catch (SocketTimeoutException e) {
        silence = "no answer within " + check.timeout().toMillis() + " ms";
      } catch (IOException | URISyntaxException e) {
        silence = "no answer: " + e.getMessage();
      }
    }
    return Optional.of(silence);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
