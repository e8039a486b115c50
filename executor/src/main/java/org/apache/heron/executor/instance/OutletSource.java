package org.apache.heron.executor.instance;

import org.apache.heron.executor.delivery.Outlet;
import org.apache.heron.proto.system.PhysicalPlans.Instance;

/** Finds the way to a task. Thread-safe. */
@FunctionalInterface
public interface OutletSource {

  /** The way to an instance of the emitter's plan, which may be older than the one in force. */
  Outlet outlet(Instance target);
}
