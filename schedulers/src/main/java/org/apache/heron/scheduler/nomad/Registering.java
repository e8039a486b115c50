package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.apache.heron.scheduler.nomad.rest.NomadApi;
import org.apache.heron.scheduler.nomad.rest.Registration;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers new jobs: all of them, or none. */
final class Registering {
  private static final Logger LOG = LoggerFactory.getLogger(Registering.class);

  private final NomadApi api;
  private final Removal removal;

  Registering(NomadApi api, Removal removal) {
    this.api = api;
    this.removal = removal;
  }

  /**
   * Registers them.
   *
   * @throws SchedulerException if one cannot be; all are removed then, or the message says what is
   *     left
   */
  void all(List<ObjectNode> described) {
    try {
      InParallel.each(described, this::register);
    } catch (RuntimeException e) {
      throw takenBack(described.stream().map(job -> job.path("ID").asText()).toList(), e);
    }
  }

  private void register(ObjectNode job) {
    String id = job.path("ID").asText();
    Registration answer = api.register(job, 0);
    if (answer instanceof Registration.Registered registered) {
      LOG.info("registered job {} with Nomad", id);
      if (!registered.warnings().isBlank()) {
        LOG.warn("Nomad about job {}: {}", id, registered.warnings().strip());
      }
      return;
    }
    // Its id is of this submission alone: an answer got lost, and the call was made again.
    if (api.job(id).isEmpty()) {
      throw new SchedulerException(
          "Nomad has job " + id + ", and has it not: somebody removes what is being registered");
    }
  }

  private RuntimeException takenBack(List<String> ids, RuntimeException cause) {
    boolean interrupted = Thread.interrupted();
    try {
      List<String> left = InParallel.map(ids, id -> api.job(id).isPresent() ? id : "");
      Outcome outcome = removal.end(left.stream().filter(id -> !id.isEmpty()).toList());
      return outcome.ok()
          ? cause
          : new SchedulerException(cause.getMessage() + "; " + outcome.message(), cause);
    } catch (SchedulerException e) {
      return new SchedulerException(
          cause.getMessage()
              + "; jobs that were registered before may be left, see nomad job status: "
              + e.getMessage(),
          cause);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
