package org.apache.heron.scheduler.mesos;

import java.util.Optional;
import org.apache.heron.framework.runtime.FrameworkRuntime;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.StorageException;
import org.apache.heron.spi.scheduler.SchedulerException;

/** Takes over and starts the framework. */
interface Beginning {
  /**
   * @param self who this process is, for people
   * @param anew whether to begin if nothing is on record
   * @throws StorageException.Absent if nothing is, and it is not to begin
   */
  FrameworkRuntime begin(String self, boolean anew);

  /**
   * What Mesos still runs of the topology, although nothing is on record; empty if nothing.
   *
   * @param memory what this process should have had on record, if it led until then
   * @throws SchedulerException if that cannot be found out
   */
  Optional<Snapshot> survivor(Optional<Snapshot> memory) throws InterruptedException;

  /** Puts that on record, and goes on from there. */
  FrameworkRuntime adopt(String self, Snapshot survivor);
}
