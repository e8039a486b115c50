package org.apache.heron.service.launch;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.process.Background;
import org.apache.heron.spi.process.LivingProcess;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a scheduler process, and waits until it has taken over. */
final class SchedulerStart {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulerStart.class);
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final long LOOK_MILLIS = 50;
  private static final int HTTP_MILLIS = 5_000;
  private static final int STATUS_BYTES = 16 << 20;

  private final WorkingDirectory directory;
  private final String topology;
  private final IStateManager state;

  SchedulerStart(WorkingDirectory directory, String topology, IStateManager state) {
    this.directory = directory;
    this.topology = topology;
    this.state = state;
  }

  /**
   * Starts the command, in the background unless told otherwise, and returns when it answers at the
   * location that it has published.
   *
   * @param topologyId that it must say it schedules
   * @return empty if it has ended in order before, because nothing was left to do
   * @throws SchedulerException if it fails before, or takes too long; it does not run then
   */
  Optional<Process> start(List<String> command, boolean background, String topologyId) {
    Process process = begin(command, background);
    try {
      directory.started(process.toHandle());
      boolean serves = await(process, () -> answers(topologyId), "published its location");
      LOG.info("the scheduler of topology {} logs to {}", topology, directory.log());
      return serves ? Optional.of(process) : Optional.empty();
    } catch (SchedulerException e) {
      end(process.toHandle());
      throw e;
    }
  }

  /**
   * Starts the command, and returns when it stands by: it answers, and will lead when nobody else
   * does.
   *
   * @throws SchedulerException if it ends before, or takes too long; it does not run then
   */
  Process standBy(List<String> command, boolean background) {
    Process process = begin(command, background);
    try {
      directory.started(process.toHandle());
      if (background && !await(process, directory::saysItStandsBy, "stood by")) {
        throw new SchedulerException("the standby has ended: nothing of the topology runs");
      }
      LOG.info("the standby of topology {} logs to {}", topology, directory.log());
      return process;
    } catch (SchedulerException e) {
      end(process.toHandle());
      throw e;
    }
  }

  private Process begin(List<String> command, boolean background) {
    List<String> words = new ArrayList<>(background ? Background.prefix() : List.of());
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words).directory(directory.path().toFile());
    // Of glibc's memory pools per thread, most would hold nothing.
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    if (background) {
      builder
          .redirectInput(new File("/dev/null"))
          .redirectErrorStream(true)
          .redirectOutput(directory.output().toFile());
    } else {
      builder.inheritIO();
    }
    try {
      return builder.start();
    } catch (IOException e) {
      throw new SchedulerException("the scheduler process cannot be started: " + e.getMessage(), e);
    }
  }

  private boolean await(Process process, BooleanSupplier ready, String what) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() - end < 0) {
      if (ready.getAsBoolean()) {
        return true;
      }
      if (waitFor(process)) {
        if (process.exitValue() == 0) {
          return false;
        }
        String last = directory.lastLine();
        throw new SchedulerException(
            last.isEmpty()
                ? "the scheduler process ended at once, exit code " + process.exitValue()
                : last);
      }
    }
    throw new SchedulerException(
        "the scheduler process has not "
            + what
            + " within "
            + LIMIT.toSeconds()
            + " seconds; its log is in "
            + directory.path());
  }

  private static boolean waitFor(Process process) {
    try {
      return process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchedulerException("interrupted while the scheduler process started", e);
    }
  }

  /** True if a scheduler of this submission listens where shared state says. */
  private boolean answers(String topologyId) {
    Optional<SchedulerLocation> location = location();
    if (location.isEmpty()) {
      return false;
    }
    try {
      URI uri = URI.create("http://" + location.get().getHttpEndpoint() + "/api/v1/status");
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(HTTP_MILLIS);
      connection.setReadTimeout(HTTP_MILLIS);
      try (InputStream in = connection.getInputStream()) {
        String body = new String(in.readNBytes(STATUS_BYTES), StandardCharsets.UTF_8);
        return body.contains("\"" + topologyId + "\"");
      } finally {
        connection.disconnect();
      }
    } catch (IOException | IllegalArgumentException e) {
      // An earlier process' location, which nobody listens at any more.
      LOG.debug("no answer at {}: {}", location.get().getHttpEndpoint(), e.getMessage());
      return false;
    }
  }

  // Shared state that is away for a moment is no reason to end what has just been started.
  private Optional<SchedulerLocation> location() {
    try {
      return state.get(StateKind.SCHEDULER_LOCATION, topology);
    } catch (StateException e) {
      LOG.warn("{}; trying again", e.getMessage());
      return Optional.empty();
    }
  }

  /** Ends a process: in order if it can, by force if not. */
  static void end(ProcessHandle handle) {
    if (!waitForEnd(handle, Duration.ZERO)) {
      handle.destroy();
      if (!waitForEnd(handle, Duration.ofSeconds(12))) {
        handle.destroyForcibly();
        waitForEnd(handle, Duration.ofSeconds(5));
      }
    }
  }

  /** Waits for a process to end by itself; false if it has not in that time. */
  static boolean waitForEnd(ProcessHandle handle, Duration limit) {
    try {
      long end = System.nanoTime() + limit.toNanos();
      while (LivingProcess.isAlive(handle) && System.nanoTime() - end < 0) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !LivingProcess.isAlive(handle);
  }
}
