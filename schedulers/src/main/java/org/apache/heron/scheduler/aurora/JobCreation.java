package org.apache.heron.scheduler.aurora;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a job, or leaves nothing of it. */
final class JobCreation {
  private static final Logger LOG = LoggerFactory.getLogger(JobCreation.class);

  private final JobKey job;
  private final AuroraClient client;
  private final JobKill kill;

  JobCreation(JobKey job, AuroraClient client, JobKill kill) {
    this.job = job;
    this.client = client;
    this.kill = kill;
  }

  /**
   * Returns when all instances run.
   *
   * @throws SchedulerException if they do not; what may have been created is killed
   * @throws InterruptedException likewise
   */
  void run(Map<String, String> binds, Path template) throws InterruptedException {
    Optional<ClientFailure> failure;
    try {
      failure = client.create(binds, template);
    } catch (InterruptedException e) {
      undo("cancelled");
      throw e;
    }
    if (failure.isPresent()) {
      throw failed(failure.get());
    }
  }

  private SchedulerException failed(ClientFailure failure) throws InterruptedException {
    return switch (failure.kind()) {
      case NOTHING_DONE, REFUSED -> new SchedulerException(failure.line());
      case EXISTS ->
          // Somebody else's, or left by a submit whose state is gone: not ours to end.
          new SchedulerException(
              failure.line()
                  + "; if nobody needs it, end it with: aurora job killall "
                  + job.spec());
      case ABSENT, UNCLEAR -> {
        // Asked before the job is gone, and with it the reason.
        String waits = waits();
        yield new SchedulerException(failure.line() + waits + undo(failure.line()));
      }
    };
  }

  private String waits() throws InterruptedException {
    try {
      return Waits.of(client.status()).map(text -> "; " + text).orElse("");
    } catch (SchedulerException e) {
      LOG.debug("why the job does not run is not known: {}", e.getMessage());
      return "";
    }
  }

  /** Kills what may be there; returns what to add to the message. */
  private String undo(String why) {
    LOG.debug("taking back the job {}: {}", job, why);
    // What began this may be an interrupt, which must not stop it.
    boolean interrupted = Thread.interrupted();
    try {
      Optional<String> left = kill.run();
      return left.map(text -> "; and what was created of it is left: " + text)
          .orElse("; what was created of it is killed");
    } catch (InterruptedException e) {
      interrupted = true;
      return "; and what was created of it is left: the killing was cancelled";
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
