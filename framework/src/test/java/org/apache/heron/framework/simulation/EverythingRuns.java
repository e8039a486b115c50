package org.apache.heron.framework.simulation;

/**
 * 5. If enough is offered and faults stop, every container runs within a bounded time. The {@link
 * Finale} waits for it.
 */
final class EverythingRuns extends Promise {
  EverythingRuns(World world) {
    super(world);
  }
}
