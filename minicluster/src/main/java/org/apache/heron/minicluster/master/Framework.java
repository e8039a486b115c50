package org.apache.heron.minicluster.master;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.heron.minicluster.resources.Resources;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Protos.OfferConstraints;

/** A framework that is registered, or was. Owned by the master's thread. */
final class Framework {
  /** Mesos' defaults of --max_completed_tasks_ and --max_unreachable_tasks_per_framework. */
  private static final int MAX_COMPLETED_TASKS = 1000;

  private static final int MAX_UNREACHABLE_TASKS = 1000;

  private final FrameworkID id;
  private FrameworkInfo info;
  private OfferConstraints constraints = OfferConstraints.getDefaultInstance();
  private Optional<EventStream> stream = Optional.empty();
  private final Set<String> suppressed = new HashSet<>();
  private final Map<TaskID, Task> tasks = new LinkedHashMap<>();
  private final Map<TaskID, UnreachableTask> unreachable = new LinkedHashMap<>();
  private final Deque<Task> completed = new ArrayDeque<>();
  private final boolean recovered;
  private boolean subscribedOnce;
  private Instant registered;
  private Optional<Instant> reregistered = Optional.empty();
  private Optional<Instant> unregistered = Optional.empty();
  private Future<?> failoverTimer;

  /** A task whose agent is unreachable, and since when. */
  record UnreachableTask(Task task, long sinceNanoseconds) {}

  Framework(FrameworkInfo info, boolean recovered, Instant now) {
    this.id = info.getId();
    this.info = info;
    this.recovered = recovered;
    this.registered = now;
  }

  FrameworkID id() {
    return id;
  }

  FrameworkInfo info() {
    return info;
  }

  void describe(FrameworkInfo newInfo, OfferConstraints newConstraints, List<String> quiet) {
    info = newInfo.toBuilder().setId(id).build();
    constraints = newConstraints;
    suppressed.clear();
    suppressed.addAll(quiet);
  }

  OfferConstraints constraints() {
    return constraints;
  }

  boolean has(FrameworkInfo.Capability.Type capability) {
    return info.getCapabilitiesList().stream().anyMatch(c -> c.getType() == capability);
  }

  boolean isPartitionAware() {
    return has(FrameworkInfo.Capability.Type.PARTITION_AWARE);
  }

  /** In the order in which the framework names them. */
  @SuppressWarnings("deprecation") // frameworks without MULTI_ROLE say their one role so
  Set<String> roles() {
    return has(FrameworkInfo.Capability.Type.MULTI_ROLE)
        ? new LinkedHashSet<>(info.getRolesList())
        : Set.of(info.getRole());
  }

  Set<String> suppressedRoles() {
    return suppressed;
  }

  Optional<EventStream> stream() {
    return stream;
  }

  boolean isConnected() {
    return stream.isPresent();
  }

  /** True if it is known from its tasks only and has not subscribed to this master. */
  boolean isRecovered() {
    return recovered && !subscribedOnce;
  }

  void connect(EventStream newStream, Instant now) {
    if (subscribedOnce || recovered) {
      reregistered = Optional.of(now);
    }
    if (!subscribedOnce) {
      registered = now;
    }
    subscribedOnce = true;
    stream = Optional.of(newStream);
    newStream.belongsTo(id);
    stopFailoverTimer();
  }

  void disconnect() {
    stream = Optional.empty();
  }

  void startFailoverTimer(Future<?> timer) {
    stopFailoverTimer();
    failoverTimer = timer;
  }

  void stopFailoverTimer() {
    if (failoverTimer != null) {
      failoverTimer.cancel(false);
      failoverTimer = null;
    }
  }

  void unregister(Instant now) {
    unregistered = Optional.of(now);
  }

  Instant registered() {
    return registered;
  }

  Optional<Instant> reregistered() {
    return reregistered;
  }

  Optional<Instant> unregistered() {
    return unregistered;
  }

  /** Sends if connected; an event for a framework that is away is lost, as in Mesos. */
  void send(Event event) {
    stream.ifPresent(s -> s.send(event));
  }

  /** All that run or whose end is not acknowledged. */
  Map<TaskID, Task> tasks() {
    return tasks;
  }

  Map<TaskID, UnreachableTask> unreachableTasks() {
    return unreachable;
  }

  void rememberUnreachable(UnreachableTask away) {
    unreachable.put(away.task().id(), away);
    if (unreachable.size() > MAX_UNREACHABLE_TASKS) {
      unreachable.remove(unreachable.keySet().iterator().next());
    }
  }

  Deque<Task> completedTasks() {
    return completed;
  }

  void complete(Task task) {
    tasks.remove(task.id());
    completed.addLast(task);
    if (completed.size() > MAX_COMPLETED_TASKS) {
      completed.removeFirst();
    }
  }

  /** What its tasks hold, on all agents. */
  Resources used() {
    Resources used = Resources.NONE;
    for (Task task : tasks.values()) {
      if (task.holdsResources()) {
        used = used.plus(task.resources());
      }
    }
    return used;
  }

  boolean usesAgent(AgentID agent) {
    return tasks.values().stream()
        .anyMatch(task -> task.agent().equals(agent) && task.holdsResources());
  }
}
