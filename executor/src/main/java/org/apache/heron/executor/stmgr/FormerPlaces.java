package org.apache.heron.executor.stmgr;

import java.util.HashMap;
import java.util.Map;
import org.apache.heron.executor.plan.PlanView;
import org.apache.heron.proto.system.PhysicalPlans.Instance;

/**
 * Where spouts were that have moved or gone since: their trees are still waited for there.
 * Immutable.
 *
 * @param stmgrs stream managers by task
 */
record FormerPlaces(Map<Integer, String> stmgrs) {

  static final FormerPlaces NONE = new FormerPlaces(Map.of());

  /**
   * With the spouts that are elsewhere by the newer plan.
   *
   * @param before the plan that was in force until now
   */
  FormerPlaces after(PlanView before, PlanView now) {
    Map<Integer, String> places = new HashMap<>(stmgrs);
    before
        .instances()
        .forEach(
            (task, instance) -> {
              Instance moved = now.instances().get(task);
              if (before.spout(instance.getInfo().getComponentName()) != null
                  && (moved == null || !moved.getStmgrId().equals(instance.getStmgrId()))) {
                places.put(task, instance.getStmgrId());
              }
            });
    return new FormerPlaces(Map.copyOf(places));
  }
}
