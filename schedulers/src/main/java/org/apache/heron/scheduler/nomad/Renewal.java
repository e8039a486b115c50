package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.apache.heron.scheduler.nomad.job.ContainerJob;
import org.apache.heron.scheduler.nomad.job.Need;
import org.apache.heron.scheduler.nomad.rest.Allocation;
import org.apache.heron.scheduler.nomad.rest.JobStub;
import org.apache.heron.scheduler.nomad.rest.NomadApi;
import org.apache.heron.scheduler.nomad.rest.Registration;
import org.apache.heron.scheduler.nomad.view.ContainerView;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerException;

/**
 * Has containers run anew, by registering a next version of their jobs. In one step, so that a
 * command that is cut off never leaves a container without a job.
 */
final class Renewal {
  private final NomadApi api;
  private final TopologyJobs jobs;
  private final Duration each;

  /**
   * @param each how long a container may take to come back
   */
  Renewal(NomadApi api, TopologyJobs jobs, Duration each) {
    this.api = api;
    this.jobs = jobs;
    this.each = each;
  }

  /**
   * Restarts containers, some at a time, and waits for each.
   *
   * @param order the containers' ids
   * @param missing describes a container whose job is gone
   * @param needs what a container is to have now; the present amount if absent
   */
  Outcome restart(
      List<Integer> order,
      int parallel,
      IntFunction<ObjectNode> missing,
      Map<Integer, Need> needs) {
    Map<Integer, JobStub> registered = jobs.registered();
    for (int begin = 0; begin < order.size(); begin += parallel) {
      List<Integer> some = order.subList(begin, Math.min(order.size(), begin + parallel));
      Map<Integer, Long> before = new TreeMap<>();
      for (int id : some) {
        JobStub job = registered.get(id);
        if (job == null) {
          new Registering(api, new Removal(api, jobs, each)).all(List.of(missing.apply(id)));
          before.put(id, 0L);
        } else {
          before.put(id, begin(job.id(), Optional.ofNullable(needs.get(id))));
        }
      }
      Optional<String> late = await(before);
      if (late.isPresent()) {
        int done = begin;
        return Outcome.refused(
            late.get()
                + " (after "
                + this.each.toSeconds()
                + " s); "
                + done
                + " of "
                + order.size()
                + " containers were restarted before");
      }
    }
    return Outcome.done("");
  }

  /** Registers the next version; returns the newest allocation of those before. */
  long begin(String jobId, Optional<Need> need) {
    // Somebody may change the job at the same time: then this change is made of theirs.
    for (int attempt = 0; attempt < 3; attempt++) {
      ObjectNode job =
          api.job(jobId)
              .orElseThrow(() -> new SchedulerException("job " + jobId + " is gone from Nomad"));
      long before = jobs.newest(jobId);
      ObjectNode next = ContainerJob.restarted(job, need.orElseGet(() -> ContainerJob.needOf(job)));
      if (api.register(next, job.path("JobModifyIndex").asLong()) instanceof Registration.Registered
          || isOurs(jobId, next)) {
        return before;
      }
    }
    throw new SchedulerException("job " + jobId + " is being changed in Nomad by somebody else");
  }

  // The answer to the first attempt may have got lost on its way.
  private boolean isOurs(String jobId, ObjectNode next) {
    return api.job(jobId)
        .filter(job -> ContainerJob.restarts(job) == ContainerJob.restarts(next))
        .filter(job -> ContainerJob.needOf(job).equals(ContainerJob.needOf(next)))
        .isPresent();
  }

  /**
   * Waits until each runs by an allocation newer than that.
   *
   * @return what is missing when time is up
   */
  Optional<String> await(Map<Integer, Long> before) {
    return Patience.until(each, () -> missing(before));
  }

  /** The first of these that does not run by an allocation newer than that. */
  Optional<String> missing(Map<Integer, Long> before) {
    Set<Integer> ids = before.keySet();
    Collection<ContainerView> views =
        jobs.views(ids).stream().filter(view -> ids.contains(view.id())).toList();
    List<String> texts = new ArrayList<>();
    for (ContainerView view : views) {
      long newest = view.allocation().map(Allocation::createIndex).orElse(0L);
      boolean runs = view.state() == ContainerView.State.RUNNING && newest > before.get(view.id());
      if (!runs) {
        texts.add(
            "container "
                + view.id()
                + " is "
                + view.state()
                + (view.reason().isEmpty() ? "" : ": " + view.reason()));
      }
    }
    return texts.stream().findFirst();
  }
}
