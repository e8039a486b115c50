package org.apache.heron.executor.instance;

import org.apache.heron.executor.delivery.Outlet;

/** Finds the way to a task. Thread-safe. */
@FunctionalInterface
public interface OutletSource {

  /** The way to a task of the plan in force. */
  Outlet outlet(int task);
}
