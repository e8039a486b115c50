package org.apache.heron.executor.plane;

import java.time.Duration;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;

/** Is told of what happens in a data plane. Called on its threads; must not block. */
public interface DataPlaneListener {

  /** The plan is in force: every instance of the container runs or is being started. */
  default void planApplied(PhysicalPlan plan) {}

  /** A container of the plan can now be reached. */
  default void peerConnected(String stmgrId) {}

  /** A container of the plan cannot be reached (any more); the mesh keeps trying. */
  default void peerUnreachable(String stmgrId, String reason) {}

  /** An instance's code threw; a new instance is made from the definition after the back-off. */
  default void instanceFailed(String instanceId, Throwable cause, Duration restartIn) {}

  /**
   * The JVM is not to be trusted any more (out of memory and the like): end it, so that the
   * scheduler restarts the container.
   */
  void fatal(Throwable cause);
}
