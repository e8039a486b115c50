package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.apache.heron.scheduler.nomad.job.Need;
import org.apache.heron.scheduler.nomad.rest.JobStub;
import org.apache.heron.scheduler.nomad.rest.NomadApi;

/** Makes the wanted containers those that have a job. */
final class Scaling {
  private final NomadApi api;
  private final TopologyJobs jobs;
  private final Removal removal;
  private final Renewal renewal;

  Scaling(NomadApi api, TopologyJobs jobs, Removal removal, Renewal renewal) {
    this.api = api;
    this.jobs = jobs;
    this.removal = removal;
    this.renewal = renewal;
  }

  /**
   * What is under way.
   *
   * @param before newest allocation, at the beginning, of each container that is to come to run
   * @param ending jobs that were deregistered
   */
  record Change(Map<Integer, Long> before, List<String> ending) {}

  /**
   * Registers what is missing and ends what is too much. A job that stays is left alone whatever
   * its size: Nomad ends the container of a job that changes, and the topology emits.
   *
   * @param needs what each wanted container is to have
   * @param describe makes the job of a container that has none
   */
  Change begin(Map<Integer, Need> needs, IntFunction<ObjectNode> describe) {
    Map<Integer, JobStub> registered = jobs.registered();
    Map<Integer, Long> before = new TreeMap<>();
    List<ObjectNode> added = new ArrayList<>();
    for (int id : needs.keySet()) {
      if (!registered.containsKey(id)) {
        added.add(describe.apply(id));
        before.put(id, 0L);
      }
    }
    if (!added.isEmpty()) {
      new Registering(api, removal).all(added);
    }
    List<String> ending = new ArrayList<>();
    registered.forEach(
        (id, job) -> {
          if (!needs.containsKey(id)) {
            ending.add(job.id());
          }
        });
    if (!ending.isEmpty()) {
      removal.deregister(ending);
    }
    return new Change(before, ending);
  }

  /** What is missing when time is up; empty if all runs that is to, and nothing else. */
  Optional<String> await(Change change, Duration limit) {
    return Patience.until(
        limit,
        () ->
            change.before().isEmpty()
                ? left(change)
                : renewal.missing(change.before()).or(() -> left(change)));
  }

  private Optional<String> left(Change change) {
    return change.ending().isEmpty()
        ? Optional.empty()
        : Optional.of(jobs.unended(change.ending())).filter(text -> !text.isEmpty());
  }
}
