package org.apache.heron.scheduler.nomad;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.scheduler.nomad.job.ContainerJob;
import org.apache.heron.scheduler.nomad.job.JobMeta;
import org.apache.heron.scheduler.nomad.rest.Allocation;
import org.apache.heron.scheduler.nomad.rest.Evaluation;
import org.apache.heron.scheduler.nomad.rest.JobStub;
import org.apache.heron.scheduler.nomad.rest.NomadApi;
import org.apache.heron.scheduler.nomad.view.ContainerView;

/** The jobs of one topology in Nomad, and how their containers are. Thread-safe. */
final class TopologyJobs {
  private final NomadApi api;
  private final String topology;
  private final String topologyId;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /** A container that ran when its job was of that version. */
  private record Seen(String version, ContainerView view) {}

  /**
   * @param topology its id may be empty, if only its name is known
   */
  TopologyJobs(NomadApi api, Topology topology) {
    this.api = api;
    this.topology = topology.getName();
    this.topologyId = topology.getId();
  }

  /** Those that are registered, by container. */
  Map<Integer, JobStub> registered() {
    // A job's id begins with the topology's, and that with its name.
    String prefix = topologyId.isEmpty() ? topology : topologyId;
    Map<Integer, JobStub> found = new TreeMap<>();
    for (JobStub job : api.jobs(prefix)) {
      if (JobMeta.isOf(job.meta(), topology, topologyId)) {
        JobMeta.container(job.meta(), job.id()).ifPresent(id -> found.put(id, job));
      }
    }
    return found;
  }

  /** Every job of that name, whatever its container is said to be: what a kill removes. */
  List<String> ids() {
    String prefix = topologyId.isEmpty() ? topology : topologyId;
    return api.jobs(prefix).stream()
        .filter(job -> JobMeta.isOf(job.meta(), topology, topologyId))
        .map(JobStub::id)
        .toList();
  }

  /**
   * How the containers are, by id.
   *
   * @param wanted those that should have a job
   */
  List<ContainerView> views(Set<Integer> wanted) {
    Map<Integer, JobStub> registered = registered();
    Set<Integer> missing = new HashSet<>(wanted);
    missing.removeAll(registered.keySet());
    List<ContainerView> views =
        new java.util.ArrayList<>(
            InParallel.map(registered.entrySet(), entry -> view(entry.getKey(), entry.getValue())));
    missing.forEach(id -> views.add(ContainerView.withoutJob(id, ContainerJob.id(topologyId, id))));
    views.sort(Comparator.comparingInt(ContainerView::id));
    return views;
  }

  private ContainerView view(int container, JobStub job) {
    Optional<Seen> before =
        Optional.ofNullable(seen.get(job.id()))
            .filter(known -> known.version().equals(job.version()));
    if (before.isPresent()) {
      return before.get().view();
    }
    ContainerView view = fresh(container, job.id(), job.stopped());
    if (view.state() != ContainerView.State.RUNNING) {
      seen.remove(job.id());
      return view;
    }
    ContainerView known = view.allocation().map(api::withPorts).map(view::with).orElse(view);
    seen.put(job.id(), new Seen(job.version(), known));
    return known;
  }

  private ContainerView fresh(int container, String jobId, boolean stopped) {
    List<Allocation> allocations = api.allocations(jobId);
    ContainerView first = ContainerView.of(container, stopped, allocations, List.of());
    if (first.state() == ContainerView.State.RUNNING) {
      return first;
    }
    List<Evaluation> evaluations = api.evaluations(jobId);
    return ContainerView.of(container, stopped, allocations, evaluations);
  }

  /** All allocations of each container that Nomad remembers, the oldest first. */
  Map<Integer, List<Allocation>> allocations() {
    Map<Integer, JobStub> jobs = registered();
    List<List<Allocation>> all = InParallel.map(jobs.values(), job -> api.allocations(job.id()));
    Map<Integer, List<Allocation>> byContainer = new TreeMap<>();
    int next = 0;
    for (int container : jobs.keySet()) {
      byContainer.put(container, all.get(next++));
    }
    return byContainer;
  }

  /** The newest allocation that a container has had; 0 if it has had none. */
  long newest(String jobId) {
    return api.allocations(jobId).stream().mapToLong(Allocation::createIndex).max().orElse(0);
  }

  /** The jobs of these whose containers have not ended, and where they are; empty if all have. */
  String unended(List<String> jobIds) {
    List<String> texts = InParallel.map(jobIds, id -> ContainerView.unended(api.allocations(id)));
    return java.util.stream.IntStream.range(0, jobIds.size())
        .filter(i -> !texts.get(i).isEmpty())
        .mapToObj(i -> jobIds.get(i) + " " + texts.get(i))
        .collect(Collectors.joining("; "));
  }
}
