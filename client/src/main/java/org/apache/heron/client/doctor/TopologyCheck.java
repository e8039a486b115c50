package org.apache.heron.client.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.heron.client.ErrorText;
import org.apache.heron.client.scheduler.SchedulerClients;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.heron.spi.diagnosis.SchedulerProbe;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;

/** Which of the topologies in shared state run, and of which only nodes are left. */
final class TopologyCheck {
  private static final String CHECK = "topology";
  private static final Duration STRANGER_LIMIT = Duration.ofSeconds(3);

  private final Config local;
  private final TopologyTarget target;
  private final IStateManager state;
  private final Optional<BackEnd> backEnd;

  TopologyCheck(
      Config local, TopologyTarget target, IStateManager state, Optional<BackEnd> backEnd) {
    this.local = local;
    this.target = target;
    this.state = state;
    this.backEnd = backEnd;
  }

  /** Looks at all; the dead ones. */
  List<DeadTopology> run(Consumer<Finding> findings) throws InterruptedException {
    List<DeadTopology> dead = new ArrayList<>();
    int alive = 0;
    Set<String> names;
    try {
      names = names();
    } catch (RuntimeException e) { // a back end of somebody else's may throw anything
      findings.accept(
          Finding.failed(CHECK, "cannot be listed: " + e.getMessage(), "see shared state above"));
      return dead;
    }
    for (String name : names) {
      Evidence evidence = evidence(name);
      Evidence.Verdict verdict = evidence.judge();
      if (verdict instanceof Evidence.Alive) {
        alive++;
      } else {
        findings.accept(finding(name, evidence, verdict));
      }
      dead(name, evidence, verdict).ifPresent(dead::add);
    }
    findings.accept(
        Finding.ok(CHECK, alive + " of " + names.size() + " topologies are looked after"));
    return dead;
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>();
    StateKind.all().forEach(kind -> names.addAll(state.list(kind)));
    names.addAll(state.lockedTopologies());
    backEnd.ifPresent(each -> names.addAll(each.recorded()));
    return names;
  }

  private Finding finding(String name, Evidence evidence, Evidence.Verdict verdict) {
    String command = evidence.place().orElse(target.path()) + " " + name;
    if (verdict instanceof Evidence.Orphaned orphaned) {
      return Finding.warning(
          CHECK,
          name + " runs without a scheduler: " + orphaned.reason(),
          "heron scheduler resume " + command + ", or heron kill " + command);
    }
    Optional<DeadTopology> dead = dead(name, evidence, verdict);
    if (dead.isPresent()) {
      String message =
          "of "
              + name
              + " there is only "
              + String.join(", ", evidence.left())
              + " left: "
              + dead.get().reason();
      String remedy = "heron doctor " + target.path() + " --fix removes it";
      return dead.get().harmless()
          ? Finding.warning(CHECK, message, remedy)
          : Finding.failed(CHECK, message, remedy);
    }
    return Finding.skipped(
        CHECK, "of " + name + " it is not clear whether it runs: " + reason(verdict));
  }

  private static String reason(Evidence.Verdict verdict) {
    return verdict instanceof Evidence.Unclear unclear ? unclear.reason() : "";
  }

  /** Whether it is dead still; empty if not. */
  Optional<DeadTopology> again(String name) throws InterruptedException {
    Evidence evidence = evidence(name);
    return dead(name, evidence, evidence.judge());
  }

  private static Optional<DeadTopology> dead(
      String name, Evidence evidence, Evidence.Verdict verdict) {
    return verdict instanceof Evidence.Dead dead
        ? Optional.of(new DeadTopology(name, evidence.left(), dead.reason()))
        : Optional.empty();
  }

  private Evidence evidence(String name) throws InterruptedException {
    try {
      return read(name);
    } catch (StateException e) {
      Life unknown = Life.unknown("its nodes cannot be read: " + e.getMessage());
      return new Evidence(
          List.of(),
          Optional.empty(),
          true,
          Optional.empty(),
          Evidence.Sign.NONE,
          Evidence.Sign.NONE,
          false,
          unknown);
    }
  }

  private Evidence read(String name) throws InterruptedException {
    Optional<ExecutionState> execution = state.get(StateKind.EXECUTION_STATE, name);
    Optional<SchedulerLocation> location = state.get(StateKind.SCHEDULER_LOCATION, name);
    boolean here = execution.map(each -> each.getCluster().equals(target.cluster())).orElse(true);
    boolean library =
        location
            .map(each -> !SchedulerClients.isProcess(each))
            .orElseGet(() -> !local.bool(Key.SCHEDULER_IS_SERVICE));
    Evidence.Sign scheduler = scheduler(location);
    return new Evidence(
        left(name),
        execution.map(e -> TopologyTarget.path(e.getCluster(), e.getRole(), e.getEnviron())),
        here,
        execution.map(
            e -> Duration.between(Instant.ofEpochSecond(e.getSubmissionTime()), Instant.now())),
        scheduler,
        manager(state.get(StateKind.TMANAGER_LOCATION, name)),
        library,
        here && scheduler != Evidence.Sign.ANSWERS
            ? life(name, execution)
            : Life.unknown("not asked"));
  }

  private Evidence.Sign scheduler(Optional<SchedulerLocation> location) {
    if (location.filter(SchedulerClients::isProcess).isEmpty()) {
      return Evidence.Sign.NONE;
    }
    if (isLookedAfter(location.get())) {
      return Evidence.Sign.ANSWERS;
    }
    return isLocalState() ? Evidence.Sign.NONE : Evidence.Sign.IN_SESSION;
  }

  private Evidence.Sign manager(Optional<TManagerLocation> location) {
    if (location.isEmpty()) {
      return Evidence.Sign.NONE;
    }
    return switch (SchedulerProbe.reach(
        location.get().getHost(), location.get().getControllerPort())) {
      case ANSWERS -> Evidence.Sign.ANSWERS;
      case REFUSED -> isLocalState() ? Evidence.Sign.NONE : Evidence.Sign.IN_SESSION;
      case UNREACHED -> isLocalState() ? Evidence.Sign.UNREACHED : Evidence.Sign.IN_SESSION;
    };
  }

  /** Whether a process takes connections there that is not another topology's scheduler. */
  private boolean isLookedAfter(SchedulerLocation location) {
    return SchedulerProbe.answers(location)
        && SchedulerClients.stranger(location, state, STRANGER_LIMIT).isEmpty();
  }

  /**
   * Whether locations are files, which stay when their writer is gone; else its session's nodes.
   */
  private boolean isLocalState() {
    String servers = local.optionalString(Key.STATEMGR_CONNECTION_STRING).orElse("");
    return servers.isBlank() || servers.equals("LOCALMODE");
  }

  private List<String> left(String name) {
    List<String> left = new ArrayList<>();
    for (StateKind<?> kind : StateKind.all()) {
      if (state.exists(kind, name)) {
        left.add(kind.directory());
      }
    }
    if (state.lockedTopologies().contains(name)) {
      left.add(StateKind.LOCKS_DIRECTORY);
    }
    if (backEnd.isPresent() && backEnd.get().recorded().contains(name)) {
      left.add("frameworks");
    }
    return left;
  }

  private Life life(String name, Optional<ExecutionState> execution) throws InterruptedException {
    if (backEnd.isEmpty()) {
      return Life.unknown("what containers run on cannot be asked by this command");
    }
    try {
      return backEnd.get().life(name, execution);
    } catch (RuntimeException e) { // a back end of somebody else's may throw anything
      return Life.unknown(ErrorText.of(e, "its scheduler's classes may be at fault"));
    }
  }
}
