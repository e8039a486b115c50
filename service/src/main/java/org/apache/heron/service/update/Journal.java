package org.apache.heron.service.update;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import org.apache.heron.proto.system.PackingPlans;
import org.apache.heron.proto.update.Updates.PendingUpdate;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;

/** The unfinished update of one topology in shared state. Thread-safe. */
public final class Journal {
  private static final int FORMAT = 1;

  private final IStateManager state;
  private final String topology;
  private final String topologyId;

  /** The journal of that submission of a topology. */
  public Journal(IStateManager state, String topology, String topologyId) {
    this.state = state;
    this.topology = topology;
    this.topologyId = topologyId;
  }

  /**
   * The update that has begun and not ended; one of an earlier submission is none.
   *
   * @throws StateException if it was written by a newer version
   */
  public Optional<Entry> read() {
    return state
        .get(StateKind.PENDING_UPDATE, topology)
        .filter(found -> found.getTopologyId().equals(topologyId))
        .map(Journal::entry);
  }

  private static Entry entry(PendingUpdate found) {
    if (found.getFormat() > FORMAT) {
      throw new StateException(
          "the unfinished update on record has format "
              + found.getFormat()
              + ", this version reads "
              + FORMAT
              + " at most: finish it with the version that began it");
    }
    PackingPlan proposed = PackingPlanProtos.fromProto(found.getProposed());
    PackingPlan removed =
        PackingPlanProtos.fromProto(
            PackingPlans.PackingPlan.newBuilder()
                .setId(proposed.id())
                .addAllContainerPlans(found.getRemovedList())
                .build());
    return new Entry(
        proposed,
        found.getReplacedDigest(),
        removed.containers(),
        found.getReactivate(),
        found.getStartedMillis(),
        found.getUndoing());
  }

  void write(Entry entry) {
    PackingPlan removed = new PackingPlan(topologyId, entry.removed());
    state.put(
        StateKind.PENDING_UPDATE,
        topology,
        PendingUpdate.newBuilder()
            .setFormat(FORMAT)
            .setTopologyId(topologyId)
            .setProposed(PackingPlanProtos.toProto(entry.proposed()))
            .setReplacedDigest(entry.replaced())
            .addAllRemoved(PackingPlanProtos.toProto(removed).getContainerPlansList())
            .setReactivate(entry.reactivate())
            .setStartedMillis(entry.startedMillis())
            .setUndoing(entry.undoing())
            .build());
  }

  /**
   * A user wants the spouts to stay silent: an update that has stopped them for its own sake does
   * not let them emit again.
   *
   * @return true if it would have
   */
  public boolean staySilent() {
    Optional<Entry> stopped = read().filter(Entry::reactivate);
    stopped.ifPresent(entry -> write(entry.withReactivate(false)));
    return stopped.isPresent();
  }

  void delete() {
    state.delete(StateKind.PENDING_UPDATE, topology);
  }

  /** What stands for a plan in the journal, where the plan itself would be too large. */
  static ByteString digest(PackingPlan plan) {
    try {
      return ByteString.copyFrom(
          MessageDigest.getInstance("SHA-256")
              .digest(PackingPlanProtos.toProto(plan).toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * An update under way.
   *
   * @param replaced digest of the plan that it replaces
   * @param removed containers to end at last, without instances
   * @param reactivate true if the update has stopped the spouts, or is about to, and they are to
   *     emit at the end
   * @param undoing true if it is being taken back
   */
  public record Entry(
      PackingPlan proposed,
      ByteString replaced,
      List<ContainerPlan> removed,
      boolean reactivate,
      long startedMillis,
      boolean undoing) {
    public Entry {
      removed = List.copyOf(removed);
    }

    /** The containers of both plans: all that may be running while the update is under way. */
    public PackingPlan union() {
      return PlanChange.union(proposed, removed);
    }

    Entry withProposed(PackingPlan plan) {
      return new Entry(plan, replaced, removed, reactivate, startedMillis, undoing);
    }

    Entry withReactivate(boolean emit) {
      return new Entry(proposed, replaced, removed, emit, startedMillis, undoing);
    }

    Entry asUndoing() {
      return new Entry(proposed, replaced, removed, reactivate, startedMillis, true);
    }
  }
}
