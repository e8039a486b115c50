package org.apache.heron.executor.plane;

import java.util.Optional;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;

/**
 * The data plane of one container: its stream manager and its instances. Started by {@code
 * org.apache.heron.executor.stmgr.StreamManager.start}; thread-safe.
 */
public interface DataPlane extends AutoCloseable {

  /** The TCP port on which other containers reach this one: the port asked for, or a free one. */
  int port();

  /**
   * Takes over a plan: meshes with its stream managers, starts, stops and re-routes instances,
   * activates or deactivates spouts by its topology's state. Returns at once; {@link
   * DataPlaneListener#planApplied} tells when it is in force. The newest plan wins.
   *
   * @throws IllegalArgumentException if the plan is of another topology, or names instances of
   *     components that the topology has not; the plan in force stays
   */
  void applyPlan(PhysicalPlan plan);

  /** What keeps it from working, which only a new process would mend; empty if nothing does. */
  Optional<String> illness();

  /** What the container's instances have done so far. */
  ContainerCounters counters();

  /**
   * Ends an instance and makes a new one from its definition, as if its code had failed; false if
   * no such instance runs here.
   */
  boolean restartInstance(String instanceId);

  /** Closes spouts and bolts, leaves the mesh and waits, at most about five seconds. */
  @Override
  void close();
}
