package org.apache.heron.scheduler.aurora;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.heron.scheduler.aurora.JobStatus.Instance;

/** Says what a job waits for. Pure. */
final class Waits {
  private static final Set<String> RUNNING = Set.of("RUNNING");
  private static final int NAMED = 3;

  private Waits() {}

  /** One line about all instances; empty if all run. */
  static Optional<String> of(JobStatus status) {
    List<Instance> waiting =
        status.active().stream().filter(i -> !RUNNING.contains(i.state())).toList();
    if (status.active().isEmpty()) {
      return Optional.of("Aurora has no instance of it");
    }
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    String counts =
        (status.active().size() - waiting.size())
            + " of "
            + status.active().size()
            + " instances run; ";
    String named =
        waiting.stream()
            .limit(NAMED)
            .map(instance -> "instance " + instance.id() + " is " + line(instance, status))
            .collect(Collectors.joining("; "));
    String more = waiting.size() > NAMED ? "; and " + (waiting.size() - NAMED) + " more wait" : "";
    return Optional.of(counts + named + more);
  }

  /** An instance's state and why it is in it. */
  static String line(Instance instance, JobStatus status) {
    String where = instance.host().isEmpty() ? "" : " on " + instance.host();
    String why = reason(instance, status);
    return instance.state() + where + (why.isEmpty() ? "" : " (" + why + ")");
  }

  /** Why it is in its state: Aurora's words, or how the attempt before ended; may be empty. */
  static String reason(Instance instance, JobStatus status) {
    if (instance.state().equals("RUNNING")) {
      return "";
    }
    if (!instance.message().isBlank()) {
      return instance.message().strip();
    }
    Optional<Instance> before = status.lastEnd(instance.id());
    if (before.isPresent()) {
      String message = before.get().message().strip();
      return "it was " + before.get().state() + (message.isEmpty() ? "" : ": " + message);
    }
    return instance.state().equals("PENDING") ? "no host with enough free resources yet" : "";
  }
}
