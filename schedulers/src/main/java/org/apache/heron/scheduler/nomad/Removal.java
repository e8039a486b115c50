package org.apache.heron.scheduler.nomad;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.heron.scheduler.nomad.rest.NomadApi;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/** Ends containers, and has Nomad forget their jobs. */
final class Removal {
  private final NomadApi api;
  private final TopologyJobs jobs;
  private final Duration limit;

  /**
   * @param limit how long the containers may take to end
   */
  Removal(NomadApi api, TopologyJobs jobs, Duration limit) {
    this.api = api;
    this.jobs = jobs;
    this.limit = limit;
  }

  /**
   * Ends these, and waits until they have; those that are gone already are fine.
   *
   * @return a refusal that names those that have not ended in time: Nomad ends them when their node
   *     answers, and forgets them all the same
   */
  Outcome end(List<String> jobIds) {
    if (jobIds.isEmpty()) {
      return Outcome.done("");
    }
    deregister(jobIds);
    Optional<String> left =
        Patience.until(
            limit, () -> Optional.of(jobs.unended(jobIds)).filter(text -> !text.isEmpty()));
    return left.map(
            text ->
                Outcome.refused(
                    "all jobs are deregistered, but after "
                        + limit.toSeconds()
                        + " s not all containers have ended: "
                        + text
                        + "; Nomad ends them when their nodes answer"))
        .orElse(Outcome.done(""));
  }

  /** Has them end, without waiting for it. */
  void deregister(List<String> jobIds) {
    InParallel.each(jobIds, api::deregister);
  }
}
