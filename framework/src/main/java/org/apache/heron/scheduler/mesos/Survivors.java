package org.apache.heron.scheduler.mesos;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.heron.framework.driver.DriverOptions;
import org.apache.heron.framework.driver.MasterQuestions;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.framework.storage.Goal;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.task.FrameworkDescription;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Label;
import org.apache.mesos.v1.Protos.Task;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;
import org.apache.mesos.v1.master.Protos.Response.GetFrameworks;

/**
 * Looks in Mesos for the framework of a topology of which nothing is on record. That nothing is on
 * record may mean that it was killed, or that somebody has removed the records while its containers
 * run: only the master can tell, and who does not ask it would leave them running for ever.
 */
final class Survivors {
  private final DriverOptions options;
  private final FrameworkInfo framework;
  private final String topology;
  private final String topologyId;

  /**
   * @param framework as the topology's scheduler describes it
   * @param topologyId of the submission; empty if that is no longer known
   */
  Survivors(DriverOptions options, FrameworkInfo framework, String topology, String topologyId) {
    this.options = options;
    this.framework = framework;
    this.topology = topology;
    this.topologyId = topologyId;
  }

  /**
   * What to put on record again, for a process that remembers nothing of it; empty if Mesos has no
   * such framework: it was killed, or never registered.
   *
   * @throws SchedulerException if the master cannot be asked, or there is more than one; the
   *     message names them and what to do
   */
  Optional<Snapshot> find() throws InterruptedException {
    List<FrameworkInfo> living = living(frameworks());
    if (living.size() > 1) {
      throw new SchedulerException(
          "Mesos runs "
              + living.size()
              + " frameworks of topology '"
              + topology
              + "', and none is on record: end those that are not wanted. "
              + String.join("; ", living.stream().map(each -> teardown(id(each))).toList()));
    }
    return living.isEmpty() ? Optional.empty() : Optional.of(unremembered(living.get(0)));
  }

  /**
   * What to put on record again, for a process that remembers it; empty if Mesos says that the
   * framework has ended.
   *
   * @throws SchedulerException if the master cannot be asked, or does not know the framework; the
   *     message names it and what to do
   */
  Optional<Snapshot> find(Snapshot memory) throws InterruptedException {
    String id = memory.framework().flatMap(FrameworkRecord::frameworkId).orElseThrow();
    GetFrameworks answer = frameworks();
    if (alive(answer).anyMatch(each -> each.getId().getValue().equals(id))) {
      return Optional.of(memory);
    }
    if (answer.getCompletedFrameworksList().stream()
        .anyMatch(each -> each.getFrameworkInfo().getId().getValue().equals(id))) {
      return Optional.empty();
    }
    throw new SchedulerException(
        "nothing is on record of topology '"
            + topology
            + "', and the master does not know its framework "
            + id
            + ": if it was not killed its containers may run on, and the master learns of them from"
            + " their agents; then heron scheduler resume goes on with it, and heron kill ends it");
  }

  private GetFrameworks frameworks() throws InterruptedException {
    return ask(Call.Type.GET_FRAMEWORKS).getGetFrameworks();
  }

  private Response ask(Call.Type question) throws InterruptedException {
    try (MasterQuestions questions = new MasterQuestions(options)) {
      return questions.ask(question).response();
    } catch (MasterQuestions.Unanswered e) {
      throw new SchedulerException(
          "nothing is on record of topology '"
              + topology
              + "', and whether a framework of it lives in Mesos could not be found out: "
              + e.getMessage(),
          e);
    }
  }

  // Those that a new master knows only from their agents are among them, too.
  private static Stream<FrameworkInfo> alive(GetFrameworks answer) {
    return answer.getFrameworksList().stream().map(GetFrameworks.Framework::getFrameworkInfo);
  }

  private List<FrameworkInfo> living(GetFrameworks answer) {
    return alive(answer)
        .filter(this::isOurs)
        .collect(
            Collectors.toMap(Survivors::id, each -> each, (one, same) -> one, LinkedHashMap::new))
        .values()
        .stream()
        .toList();
  }

  private static String id(FrameworkInfo framework) {
    return framework.getId().getValue();
  }

  // Frameworks of before there were labels are known by their name alone.
  private boolean isOurs(FrameworkInfo other) {
    if (!other.getName().equals(framework.getName())) {
      return false;
    }
    if (!other.hasLabels()) {
      return true;
    }
    return topologyId.isEmpty()
        ? withoutId(other).equals(withoutId(framework))
        : other.getLabels().getLabelsList().stream()
            .anyMatch(
                label ->
                    label.getKey().equals(FrameworkDescription.TOPOLOGY_ID_LABEL)
                        && label.getValue().equals(topologyId));
  }

  private static List<Label> withoutId(FrameworkInfo info) {
    return info.getLabels().getLabelsList().stream()
        .filter(label -> !label.getKey().equals(FrameworkDescription.TOPOLOGY_ID_LABEL))
        .toList();
  }

  private Snapshot unremembered(FrameworkInfo found) throws InterruptedException {
    String id = id(found);
    FrameworkRecord record =
        new FrameworkRecord(
            topology,
            topologyId,
            Optional.of(id),
            Optional.of(found.getPrincipal()),
            Goal.RUN,
            Instant.now(),
            highestAttempt(id),
            History.NONE);
    return new Snapshot(0, Optional.of(record), new TreeMap<>());
  }

  /** No number of a copy that Mesos remembers must be given again. */
  private int highestAttempt(String id) throws InterruptedException {
    Response.GetTasks answer = ask(Call.Type.GET_TASKS).getGetTasks();
    List<Task> tasks = new ArrayList<>(answer.getTasksList());
    tasks.addAll(answer.getUnreachableTasksList());
    tasks.addAll(answer.getCompletedTasksList());
    return tasks.stream()
        .filter(task -> task.getFrameworkId().getValue().equals(id))
        .flatMap(task -> new TaskId(task.getTaskId().getValue()).attempt().stream())
        .max(Integer::compare)
        .orElse(0);
  }

  /** How an operator ends a framework. */
  static String teardown(String id) {
    return "To end framework "
        + id
        + ": POST {\"type\":\"TEARDOWN\",\"teardown\":{\"framework_id\":{\"value\":\""
        + id
        + "\"}}} as application/json to /api/v1 of the Mesos master";
  }
}
