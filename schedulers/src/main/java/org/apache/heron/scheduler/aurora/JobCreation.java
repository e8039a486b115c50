package org.apache.heron.scheduler.aurora;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a job, or leaves nothing of it; a job of that name that is there before is not touched. */
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
   * @throws SchedulerException if they do not; what may have been created is killed. Likewise if
   *     the thread is interrupted, which it still is then
   */
  void run(Map<String, String> binds, Path template) {
    try {
      refuseIfThere();
    } catch (InterruptedException e) {
      throw cancelled(" before anything of the job " + job + " was created", e);
    }
    try {
      Optional<ClientFailure> failure = client.create(binds, template);
      if (failure.isPresent()) {
        throw failed(failure.get());
      }
    } catch (InterruptedException e) {
      String left =
          undo("cancelled")
              .map(why -> "; and what was created of the job " + job + " is left: " + why)
              .orElse("; the job " + job + " is not running");
      throw cancelled(left, e);
    }
  }

  private static SchedulerException cancelled(String state, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new SchedulerException("cancelled" + state, cause);
  }

  /**
   * Asks before, because afterwards nobody can tell: a client that is cut off does not say whether
   * the instances that Aurora has by then are its own, and those are to be killed.
   *
   * @throws SchedulerException if there are any, or if that cannot be told
   */
  private void refuseIfThere() throws InterruptedException {
    int active = client.status().active().size();
    if (active > 0) {
      throw new SchedulerException(
          "Aurora runs a job " + job + " of " + active + " instances already" + notOurs());
    }
  }

  /** Somebody else's, or left by a submit whose state is gone. */
  private String notOurs() {
    return "; if nobody needs it, end it with: aurora job killall " + job.spec();
  }

  private SchedulerException failed(ClientFailure failure) throws InterruptedException {
    return switch (failure.kind()) {
      case NOTHING_DONE, REFUSED -> new SchedulerException(failure.line());
      // One that has come meanwhile, or that has no instances: a cron job.
      case EXISTS -> new SchedulerException(failure.line() + notOurs());
      case ABSENT, UNCLEAR -> {
        // Asked before the job is gone, and with it the reason.
        String waits = waits();
        String left =
            undo(failure.line())
                .map(why -> "; and what was created of it is left: " + why)
                .orElse("; what was created of it is killed");
        yield new SchedulerException(failure.line() + waits + left);
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

  /** Kills what was created, if anything was; or why that could not be done. */
  private Optional<String> undo(String why) {
    LOG.debug("taking back the job {}: {}", job, why);
    // What began this may be an interrupt, which must not stop it.
    boolean interrupted = Thread.interrupted();
    try {
      return kill.run();
    } catch (InterruptedException e) {
      interrupted = true;
      return Optional.of("the killing was cancelled");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
