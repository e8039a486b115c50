package org.apache.heron.client.runtime;

import java.util.Optional;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.statemgr.StateKind;

/** Makes the launcher of a topology that is in shared state. */
final class Launchers {
  private Launchers() {}

  static ILauncher of(RuntimeSession session) {
    ILauncher launcher = session.plugins().launcher(session.local());
    launcher.initialize(
        new LaunchContext(
            session.local(),
            session.settings().cluster(),
            topology(session),
            LaunchContext.UNKNOWN_PACKAGE,
            session.state()));
    return launcher;
  }

  /** What is left of the definition, for a topology whose submit or kill was cut off. */
  private static Topology topology(RuntimeSession session) {
    return session
        .state()
        .get(StateKind.TOPOLOGY, session.topology())
        .orElseGet(() -> Topology.newBuilder().setName(session.topology()).buildPartial());
  }

  static Optional<PackingPlan> plan(RuntimeSession session) {
    return session
        .state()
        .get(StateKind.PACKING_PLAN, session.topology())
        .map(PackingPlanProtos::fromProto);
  }
}
