package org.apache.heron.service.update;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.service.call.Route;
import org.apache.heron.service.update.Journal.Entry;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.IStateManager.Lock;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.spi.topology.TopologyConfig;

/**
 * The steps of an update: containers are added while the topology still runs by its old plan; then
 * its spouts stop, definition and packing plan are rewritten, and when all containers follow, the
 * spouts go on; last, containers end that are not needed any more.
 *
 * <p>INVARIANT: the journal is written before the first step and removed after the last. Until the
 * packing plan is rewritten, which is one write, everything can be taken back; from then on it can
 * only go forward. Each step looks at how things stand and does what is missing, so that it may be
 * repeated by another process.
 */
final class Sequence {
  /** Upstream's lock. ZooKeeper releases it when its holder's session ends. */
  static final String LOCK = "updateTopology";

  private static final Duration LOCK_WAIT = Duration.ofSeconds(5);

  /** Longer than sessions with ZooKeeper live on without their process. */
  private static final Duration FORMER_HOLDER_WAIT = Duration.ofSeconds(90);

  private static final Duration MANAGER_WAIT = Duration.ofSeconds(60);
  private static final String MANAGER_WAIT_NAME =
      "the longest that an update waits for the topology manager";
  private static final String LIMIT_KEY = "topology.update.reactivate.wait.secs";

  private final IStateManager state;
  private final String topology;
  private final Journal journal;
  private final Consumer<String> progress;
  private final Waiting waiting;
  private final Spouts spouts;
  private final Scaling scaling;
  private final String unfinished;

  /**
   * @param unfinished what an update does that was begun and is not done, as the end of a sentence
   * @param route to the topology manager
   */
  Sequence(
      IStateManager state,
      String topology,
      Journal journal,
      IScheduler scheduler,
      Waiting waiting,
      Consumer<String> progress,
      String unfinished,
      Route route) {
    this.unfinished = unfinished;
    this.state = state;
    this.topology = topology;
    this.journal = journal;
    this.waiting = waiting;
    this.progress = progress;
    this.spouts = new Spouts(state, topology, waiting, route);
    this.scaling = new Scaling(scheduler, waiting, progress);
  }

  /** A new update, after what is unfinished was finished or taken back. */
  @SuppressWarnings("try") // the lock is held, not used
  Outcome begin(PackingPlan current, PackingPlan proposed) throws InterruptedException {
    boolean repeated = isBegun(proposed);
    Optional<Lock> lock = lock(proposed);
    if (lock.isEmpty()) {
      return Outcome.refused(
          "another process updates topology '"
              + topology
              + "' just now; repeat it when that is done");
    }
    try (Lock held = lock.get()) {
      Optional<Entry> begun = journal.read();
      if (repeated && begun.isEmpty()) {
        return endedMeanwhile(proposed);
      }
      if (begun.isPresent()) {
        Entry entry = begun.get();
        if (entry.proposed().equals(proposed) && !entry.undoing()) {
          return carryOut(entry);
        }
        if (!isInForce(entry)) {
          Outcome back = takeBack(entry, "another update is wanted");
          if (journal.read().isPresent()) {
            return back;
          }
          begun = Optional.empty();
        }
      }
      if (!current.equals(proposed) && planInState().equals(proposed)) {
        // By who went on with it by itself, before this repetition of it could be seen to be one.
        return Outcome.done("it was carried out meanwhile");
      }
      Optional<String> objection = objection(current, proposed);
      if (objection.isPresent()) {
        return Outcome.refused(objection.get());
      }
      Entry entry = entry(current, proposed, begun);
      waiting.check();
      journal.write(entry);
      return carryOut(entry);
    } catch (UpdateFailedException e) {
      return Outcome.refused(e.getMessage());
    }
  }

  private boolean isBegun(PackingPlan proposed) {
    return journal.read().filter(entry -> entry.proposed().equals(proposed)).isPresent();
  }

  /**
   * The lock. Whoever repeats an update that was cut off waits until ZooKeeper has given up the
   * process that held it, or that one has ended the update after all.
   */
  private Optional<Lock> lock(PackingPlan proposed) throws InterruptedException {
    long end = System.nanoTime() + FORMER_HOLDER_WAIT.toNanos();
    Optional<Lock> lock = state.lock(topology, LOCK, LOCK_WAIT);
    while (lock.isEmpty() && isBegun(proposed) && end - System.nanoTime() > 0) {
      progress.accept("waiting until the process that has begun it lets go of it");
      waiting.check();
      lock = state.lock(topology, LOCK, LOCK_WAIT);
    }
    return lock;
  }

  private Outcome endedMeanwhile(PackingPlan proposed) throws UpdateFailedException {
    return planInState().equals(proposed)
        ? Outcome.done("another process has carried it out meanwhile")
        : Outcome.refused("another process has taken it back meanwhile; its log says why");
  }

  /** Goes on with what is unfinished; empty if nothing is, or another process is at it. */
  @SuppressWarnings("try") // the lock is held, not used
  Optional<Outcome> goOn() throws InterruptedException {
    Optional<PackingPlan> proposed = journal.read().map(Entry::proposed);
    if (proposed.isEmpty()) {
      return Optional.empty();
    }
    Optional<Lock> lock = lock(proposed.get());
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    try (Lock held = lock.get()) {
      Optional<Entry> begun = journal.read();
      return Optional.of(
          begun.isPresent() ? carryOut(begun.get()) : endedMeanwhile(proposed.get()));
    } catch (UpdateFailedException e) {
      return Optional.of(Outcome.refused(e.getMessage()));
    }
  }

  private Optional<String> objection(PackingPlan current, PackingPlan proposed)
      throws UpdateFailedException {
    if (!planInState().equals(current)) {
      return Optional.of(
          "the packing plan in shared state is not the one that this update is to replace: the"
              + " topology was updated in between; repeat the command");
    }
    if (current.equals(proposed)) {
      return Optional.of("the proposed plan is the one that runs");
    }
    Optional<String> problem = PlanCheck.problem(definition(), proposed);
    if (problem.isPresent()) {
      return problem;
    }
    return spouts.now().isPresent()
        ? Optional.empty()
        : Optional.of(
            "the topology does not run yet: there is no physical plan, because not all of its"
                + " containers have found each other; heron explain says what they wait for");
  }

  private Entry entry(PackingPlan current, PackingPlan proposed, Optional<Entry> superseded) {
    List<ContainerPlan> removed = new ArrayList<>(PlanChange.between(current, proposed).removed());
    superseded.ifPresent(
        old ->
            old.removed().stream()
                .filter(container -> proposed.container(container.id()).isEmpty())
                .forEach(removed::add));
    boolean reactivate = superseded.filter(Entry::reactivate).isPresent();
    return new Entry(
        proposed, Journal.digest(current), removed, reactivate, System.currentTimeMillis(), false);
  }

  private Outcome carryOut(Entry begun) throws InterruptedException, UpdateFailedException {
    Entry entry = begun;
    if (entry.undoing()) {
      return takeBack(entry, "an earlier attempt had failed");
    }
    try {
      if (!isInForce(entry)) {
        requireReplaceable(entry);
        entry = grown(entry);
        changePlan(entry);
      }
    } catch (UpdateFailedException | StateException e) {
      // What was written last may have been written all the same.
      if (!isInForce(entry)) {
        return takeBack(entry, e.getMessage());
      }
    }
    try {
      follow(entry);
    } catch (UpdateFailedException e) {
      return Outcome.refused(
          "the new packing plan is written, but " + e.getMessage() + "; the update " + unfinished);
    }
    waiting.check();
    journal.delete();
    return Outcome.done(
        "the topology has "
            + entry.proposed().containers().size()
            + " containers besides container 0, and "
            + entry.proposed().componentCounts());
  }

  private void requireReplaceable(Entry entry) throws UpdateFailedException {
    ByteString now = Journal.digest(planInState());
    if (!now.equals(entry.replaced())) {
      throw new UpdateFailedException(
          "the packing plan in shared state is neither the old nor the new one: something else has"
              + " changed it");
    }
  }

  /** Adds what is missing; the entry is that of the containers' final numbers then. */
  private Entry grown(Entry entry) throws UpdateFailedException, InterruptedException {
    PackingPlan before = planInState();
    Set<Integer> added = PlanChange.between(before, entry.proposed()).added();
    // Those that are there keep the sizes of the old plan until the new one is in force.
    PackingPlan both = PlanChange.union(before, entry.proposed().containers());
    Duration limit = TopologyConfig.of(definition()).updateReactivateWait();
    Map<Integer, Integer> renumbered = scaling.grow(both, added, limit, LIMIT_KEY);
    if (renumbered.isEmpty()) {
      return entry;
    }
    Entry numbered = entry.withProposed(PlanChange.renumbered(entry.proposed(), renumbered));
    // Before the plan, so that whoever goes on with it writes the same one.
    waiting.check();
    journal.write(numbered);
    return numbered;
  }

  private void changePlan(Entry entry) throws UpdateFailedException, InterruptedException {
    TopologyConfig config = TopologyConfig.of(definition());
    // Looked at only now: until here a user may have stopped them, or let them emit.
    boolean emit = spouts.now().filter(TopologyState.RUNNING::equals).isPresent();
    if (emit && !entry.reactivate()) {
      waiting.check();
      journal.write(entry.withReactivate(true));
    }
    if (emit || entry.reactivate()) {
      progress.accept("stopping the spouts");
      spouts.stop(MANAGER_WAIT, MANAGER_WAIT_NAME);
      waiting.pass(config.updateDeactivateWait());
    }
    progress.accept("writing the new plan");
    waiting.check();
    // The definition first: whoever sees the new plan looks it up there.
    state.put(StateKind.TOPOLOGY, topology, TopologyRewrite.of(definition(), entry.proposed()));
    state.put(StateKind.PACKING_PLAN, topology, PackingPlanProtos.toProto(entry.proposed()));
  }

  private void follow(Entry entry) throws UpdateFailedException, InterruptedException {
    Duration limit = TopologyConfig.of(definition()).updateReactivateWait();
    progress.accept("waiting for the containers to follow the new plan");
    waiting.until(
        limit,
        LIMIT_KEY,
        () ->
            spouts.physicalPlan().filter(plan -> PlanInForce.is(entry.proposed(), plan)).isPresent()
                ? Optional.empty()
                : Optional.of("not all containers follow it"));
    if (isToReactivate()) {
      progress.accept("letting the spouts emit");
      spouts.start(limit, LIMIT_KEY);
    }
    scaling.shrink(entry.proposed(), entry.removed());
  }

  /** Makes everything as it was before. */
  private Outcome takeBack(Entry entry, String why) throws InterruptedException {
    waiting.check();
    progress.accept("taking the update back: " + why);
    try {
      journal.write(journal.read().orElse(entry).asUndoing());
      PackingPlan before = planInState();
      Topology definition = definition();
      waiting.check();
      // Only if it is the new one already: what was never rewritten stays word for word.
      if (TopologyRewrite.of(definition, entry.proposed()).equals(definition)) {
        state.put(StateKind.TOPOLOGY, topology, TopologyRewrite.of(definition, before));
      }
      if (isToReactivate()) {
        spouts.start(MANAGER_WAIT, MANAGER_WAIT_NAME);
      }
      Set<Integer> added = PlanChange.between(before, entry.proposed()).added();
      List<ContainerPlan> surplus =
          entry.proposed().containers().stream().filter(c -> added.contains(c.id())).toList();
      scaling.shrink(before, surplus);
      waiting.check();
      journal.delete();
      return Outcome.refused(why + "; the topology is as it was before");
    } catch (UpdateFailedException | StateException e) {
      return Outcome.refused(
          why + "; the update is not yet taken back (" + e.getMessage() + "), which " + unfinished);
    }
  }

  /** Asked of the journal each time: a user's wish may have come in between. */
  private boolean isToReactivate() {
    return journal.read().filter(Entry::reactivate).isPresent();
  }

  private boolean isInForce(Entry entry) throws UpdateFailedException {
    return planInState().equals(entry.proposed());
  }

  private PackingPlan planInState() throws UpdateFailedException {
    return state
        .get(StateKind.PACKING_PLAN, topology)
        .map(PackingPlanProtos::fromProto)
        .orElseThrow(
            () -> new UpdateFailedException("there is no packing plan of it in shared state"));
  }

  private Topology definition() throws UpdateFailedException {
    return state
        .get(StateKind.TOPOLOGY, topology)
        .orElseThrow(
            () -> new UpdateFailedException("there is no definition of it in shared state"));
  }
}
