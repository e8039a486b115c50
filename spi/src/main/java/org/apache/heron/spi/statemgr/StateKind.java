package org.apache.heron.spi.statemgr;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.List;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.ckptmgr.CheckpointManager.StatefulConsistentCheckpoints;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.proto.system.PackingPlans.PackingPlan;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.tmanager.TopologyManager.MetricsCacheLocation;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.proto.update.Updates.PendingUpdate;

/**
 * A kind of shared state: the directory under the root, one node per topology in it, and the
 * message that the node holds. The directories are upstream's (0.20.4 and later), but for the last.
 *
 * @param directory name under {@code heron.statemgr.root.path}
 * @param ephemeral true if the node lives as long as its writer's ZooKeeper session
 */
public record StateKind<M extends Message>(String directory, Parser<M> parser, boolean ephemeral) {
  public static final StateKind<Topology> TOPOLOGY =
      new StateKind<>("topologies", Topology.parser(), false);
  public static final StateKind<PackingPlan> PACKING_PLAN =
      new StateKind<>("packingplans", PackingPlan.parser(), false);
  public static final StateKind<PhysicalPlan> PHYSICAL_PLAN =
      new StateKind<>("pplans", PhysicalPlan.parser(), false);
  public static final StateKind<ExecutionState> EXECUTION_STATE =
      new StateKind<>("executionstate", ExecutionState.parser(), false);

  /** Ephemeral when {@code heron.scheduler.is.service} is true; the state manager decides. */
  public static final StateKind<SchedulerLocation> SCHEDULER_LOCATION =
      new StateKind<>("schedulers", SchedulerLocation.parser(), true);

  public static final StateKind<TManagerLocation> TMANAGER_LOCATION =
      new StateKind<>("tmanagers", TManagerLocation.parser(), true);
  public static final StateKind<MetricsCacheLocation> METRICS_CACHE_LOCATION =
      new StateKind<>("metricscaches", MetricsCacheLocation.parser(), true);
  public static final StateKind<StatefulConsistentCheckpoints> STATEFUL_CHECKPOINTS =
      new StateKind<>("statefulcheckpoints", StatefulConsistentCheckpoints.parser(), false);

  /** An update that has begun and not ended; upstream has no such directory. */
  public static final StateKind<PendingUpdate> PENDING_UPDATE =
      new StateKind<>("updates", PendingUpdate.parser(), false);

  /** The directory of lock nodes, {@code <topology>__<lock name>}. */
  public static final String LOCKS_DIRECTORY = "locks";

  /** Every kind. */
  public static List<StateKind<?>> all() {
    return List.of(
        TMANAGER_LOCATION,
        METRICS_CACHE_LOCATION,
        TOPOLOGY,
        PACKING_PLAN,
        PHYSICAL_PLAN,
        EXECUTION_STATE,
        SCHEDULER_LOCATION,
        STATEFUL_CHECKPOINTS,
        PENDING_UPDATE);
  }
}
