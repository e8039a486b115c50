package org.apache.heron.client.limits;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.heron.client.ClientException;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * How large a plan may be. Upstream's tree has each plan in one node, and ZooKeeper takes about a
 * mebibyte in one: a plan that is larger would fail in the middle of a submit or of an update.
 *
 * @param mostBytes that one node of shared state takes
 */
public record PlanLimits(int mostBytes) {
  /** More than this no cluster runs, and no plan of it could be kept. */
  public static final int MOST_INSTANCES = 1_000_000;

  // What an update on record has beside both plans: its format, digest and times.
  private static final int UPDATE_BYTES = 256;

  // A stream manager's host, ports and directory in the sandbox, and what belongs to an instance
  // beside the name of its component, in bytes as the topology manager writes them.
  private static final int CONTAINER_BYTES = 270;
  private static final int INSTANCE_BYTES = 50;

  /**
   * @param counts of components' instances
   * @param source of the counts, for the message
   * @throws ClientException if they are too many to be packed at all
   */
  public static void requireCountable(Collection<Integer> counts, String source) {
    long total = counts.stream().mapToLong(Integer::longValue).sum();
    if (total > MOST_INSTANCES) {
      throw new ClientException(
          String.format(
              Locale.ROOT,
              "%s asks for %,d instances in all; at most %,d are possible",
              source,
              total,
              MOST_INSTANCES));
    }
  }

  /**
   * For a submit.
   *
   * @throws ClientException if definition or plan are too large to be kept
   */
  public void require(Topology trimmed, PackingPlan plan) {
    require(StateKind.TOPOLOGY, trimmed.getSerializedSize(), "the topology's definition", "");
    requirePlan(plan);
  }

  /**
   * For an update.
   *
   * @throws ClientException if the new plan, or both together while it is carried out, are too
   *     large
   */
  public void require(PackingPlan current, PackingPlan proposed) {
    requirePlan(proposed);
    Set<Integer> staying =
        proposed.containers().stream().map(ContainerPlan::id).collect(Collectors.toSet());
    List<ContainerPlan> removed =
        current.containers().stream()
            .filter(container -> !staying.contains(container.id()))
            .map(c -> new ContainerPlan(c.id(), List.of(), c.required(), c.scheduled()))
            .toList();
    long bytes =
        bytes(proposed) + bytes(new PackingPlan(proposed.id(), removed)) + (long) UPDATE_BYTES;
    require(
        StateKind.PENDING_UPDATE,
        bytes,
        "the update's record, which holds the new plan and the containers that go,",
        remedy(proposed));
  }

  private void requirePlan(PackingPlan plan) {
    require(StateKind.PACKING_PLAN, bytes(plan), "the packing plan", remedy(plan));
  }

  /**
   * What will hardly come to run, although its packing plan can be kept: the physical plan, which
   * the topology manager writes when the containers have started, is larger.
   */
  public Optional<String> doubt(Topology trimmed, PackingPlan plan) {
    long bytes = trimmed.getSerializedSize();
    for (ContainerPlan container : plan.containers()) {
      bytes += CONTAINER_BYTES;
      for (InstancePlan instance : container.instances()) {
        bytes += INSTANCE_BYTES + 2L * instance.componentName().length();
      }
    }
    return bytes <= mostBytes
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "the physical plan will have about %,d bytes, and one node of shared state takes"
                    + " %,d: the topology manager may be unable to write it; %s",
                bytes,
                mostBytes,
                remedy(plan)));
  }

  private static long bytes(PackingPlan plan) {
    return PackingPlanProtos.toProto(plan).getSerializedSize();
  }

  private static String remedy(PackingPlan plan) {
    long instances = plan.containers().stream().mapToLong(c -> c.instances().size()).sum();
    return String.format(
        Locale.ROOT,
        "%,d instances in %,d containers are too many: use fewer, shorten the names of components,"
            + " or raise jute.maxbuffer of ZooKeeper's servers and of every Heron process",
        instances,
        plan.containers().size());
  }

  private void require(StateKind<?> kind, long bytes, String what, String remedy) {
    if (bytes > mostBytes) {
      throw new ClientException(
          String.format(
              Locale.ROOT,
              "%s has %,d bytes, and its node in shared state (%s) takes %,d%s",
              Character.toUpperCase(what.charAt(0)) + what.substring(1),
              bytes,
              kind.directory(),
              mostBytes,
              remedy.isEmpty() ? "" : ": " + remedy));
    }
  }
}
