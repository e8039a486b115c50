package org.apache.heron.scheduler.nomad.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.scheduler.Explanation.Quantity;
import org.apache.heron.spi.scheduler.SchedulerException;

/**
 * What a container asks of a node, in Nomad's units.
 *
 * @param cpu megahertz
 * @param memory mebibytes
 * @param disk mebibytes of the allocation's directory
 */
public record Need(int cpu, int memory, int disk) {
  /** What Nomad's own validation asks for, at least. */
  private static final int LEAST_MEMORY = 10;

  /** Nomad keeps 100 MiB of logs of a task there, and refuses a job whose disk is not larger. */
  private static final int LEAST_DISK = 150;

  /**
   * Of a plan's resource.
   *
   * @param megahertz what one core of the plan counts for
   * @throws SchedulerException if it is more than Nomad can count
   */
  public static Need of(Resource resource, int megahertz) {
    return new Need(
        Math.max(1, exact(Math.round(resource.cpu() * megahertz), "MHz")),
        Math.max(LEAST_MEMORY, exact(resource.ram().megabytes(), "MB of memory")),
        Math.max(LEAST_DISK, exact(resource.disk().megabytes(), "MB of disk")));
  }

  private static int exact(long amount, String unit) {
    if (amount > Integer.MAX_VALUE) {
      throw new SchedulerException(
          "a container needs " + amount + " " + unit + ", more than Nomad can count");
    }
    return (int) amount;
  }

  /** What a registered job asks for. */
  static Need in(ObjectNode job) {
    JsonNode group = job.path("TaskGroups").path(0);
    JsonNode resources = group.path("Tasks").path(0).path("Resources");
    return new Need(
        resources.path("CPU").asInt(),
        resources.path("MemoryMB").asInt(),
        group.path("EphemeralDisk").path("SizeMB").asInt());
  }

  /** Writes it into a job. */
  void into(ObjectNode job) {
    ObjectNode group = (ObjectNode) job.path("TaskGroups").path(0);
    group.withObject("/EphemeralDisk").put("SizeMB", disk);
    ObjectNode task = (ObjectNode) group.path("Tasks").path(0);
    task.withObject("/Resources").put("CPU", cpu).put("MemoryMB", memory);
    // Without an image nothing else bounds a container: its heap would be a part of the host's.
    task.withObject("/Env").put("HERON_CONTAINER_RAM", Long.toString((long) memory << 20));
  }

  /** For people. */
  public List<Quantity> quantities() {
    return List.of(
        new Quantity("MHz", cpu), new Quantity("mem", memory), new Quantity("disk", disk));
  }
}
