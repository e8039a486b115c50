package org.apache.heron.client.dryrun;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;

/**
 * What an update would change.
 *
 * @param packingClass name of the repacking algorithm
 * @param topology name
 * @param before the plan that runs
 * @param after the plan that would run
 */
public record UpdateDryRun(
    String packingClass, String topology, PackingPlan before, PackingPlan after) {

  /** What happens to a container. */
  private enum Change {
    /** It stays as it is. */
    UNAFFECTED,
    /** Its instances or resources change. */
    MODIFIED,
    /** It is added. */
    NEW,
    /** It goes away. */
    REMOVED
  }

  /** The text for standard output, without a newline at its end. */
  public String render(DryRunFormat format) {
    return switch (format) {
      case RAW ->
          String.join(
              "\n",
              "Packing class: " + packingClass,
              "Topology: " + topology,
              "New packing plan:",
              after.toString(),
              "Old packing plan:",
              before.toString());
      case TABLE -> table(Style.PLAIN);
      case COLORED_TABLE -> table(Style.COLORED);
      case JSON ->
          String.join(
              "\n",
              "New packing plan:",
              PlanJson.render(packingClass, topology, after),
              "Old packing plan:",
              PlanJson.render(packingClass, topology, before));
    };
  }

  private String table(Style style) {
    SortedSet<Integer> ids = new TreeSet<>();
    before.containers().forEach(container -> ids.add(container.id()));
    after.containers().forEach(container -> ids.add(container.id()));
    String containers =
        ids.stream().map(id -> container(id, style)).collect(Collectors.joining("\n"));
    return "Total number of containers: "
        + after.containers().size()
        + "\nUsing repacking class: "
        + packingClass
        + "\n"
        + containers.stripTrailing();
  }

  private String container(int id, Style style) {
    Optional<ContainerPlan> old = before.container(id);
    Optional<ContainerPlan> present = after.container(id);
    Change change = change(old, present);
    String title =
        style.bold("Container " + id)
            + " "
            + switch (change) {
              case UNAFFECTED, MODIFIED -> change.name();
              case NEW -> style.green(change.name());
              case REMOVED -> style.red(change.name());
            }
            + "\n";
    return title
        + switch (change) {
          case UNAFFECTED ->
              PlanTable.resources(present.orElseThrow().required())
                  + "\n"
                  + PlanTable.of(present.orElseThrow().instances()).render();
          case NEW -> painted(present.orElseThrow(), style::green);
          case REMOVED -> painted(old.orElseThrow(), removed(style));
          case MODIFIED -> modified(old.orElseThrow(), present.orElseThrow(), style);
        };
  }

  private static Change change(Optional<ContainerPlan> old, Optional<ContainerPlan> present) {
    if (old.isEmpty()) {
      return Change.NEW;
    }
    if (present.isEmpty()) {
      return Change.REMOVED;
    }
    boolean same =
        old.get().instances().equals(present.get().instances())
            && old.get().required().equals(present.get().required());
    return same ? Change.UNAFFECTED : Change.MODIFIED;
  }

  /** Without colours a stroke would be the only mark; with them it repeats the colour. */
  private static UnaryOperator<String> removed(Style style) {
    return style::struck;
  }

  private static String painted(ContainerPlan container, UnaryOperator<String> paint) {
    PlanTable table = new PlanTable();
    container.instances().forEach(instance -> table.add(instance, paint));
    return PlanTable.resources(container.required()) + "\n" + table.render();
  }

  private static String modified(ContainerPlan old, ContainerPlan present, Style style) {
    Set<InstancePlan> oldInstances = new HashSet<>(old.instances());
    Set<InstancePlan> newInstances = new HashSet<>(present.instances());
    PlanTable table = new PlanTable();
    present.instances().stream()
        .filter(oldInstances::contains)
        .forEach(instance -> table.add(instance, UnaryOperator.identity()));
    present.instances().stream()
        .filter(instance -> !oldInstances.contains(instance))
        .forEach(instance -> table.add(instance, style::green));
    old.instances().stream()
        .filter(instance -> !newInstances.contains(instance))
        .forEach(instance -> table.add(instance, removed(style)));
    return PlanTable.resources(old.required(), present.required()) + "\n" + table.render();
  }
}
