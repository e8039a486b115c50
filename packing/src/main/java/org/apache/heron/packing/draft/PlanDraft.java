package org.apache.heron.packing.draft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.packing.limits.PackingLimits;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;

/**
 * A packing plan in the making. Containers are addressed by their position in the order of their
 * ids. Whether an instance fits is the caller's business ({@link RoomTree}).
 *
 * <p>New task ids go on from the highest that is left after all removals, new indexes of a
 * component from its highest. Not thread-safe.
 */
public final class PlanDraft {
  private final PackingLimits limits;
  private final List<Container> containers = new ArrayList<>();
  private final Map<String, Integer> highestIndex = new HashMap<>();
  private int highestTask;

  /** Its instances need not be in order. */
  private record Container(int id, List<InstancePlan> instances) {}

  /** A container that holds instances of the component to be removed. */
  private record Candidate(Container container, int ofComponent) {
    /**
     * Upstream's: those that hold nothing else, then the fewest instances, then the greatest share
     * of the component, then the highest id. Among equal numbers of instances a greater share is a
     * greater number.
     */
    static final Comparator<Candidate> ORDER =
        Comparator.comparing((Candidate candidate) -> candidate.mixed())
            .thenComparingInt(candidate -> candidate.container.instances().size())
            .thenComparing(Comparator.comparingInt(Candidate::ofComponent).reversed())
            .thenComparing(
                Comparator.comparingInt((Candidate candidate) -> candidate.container.id())
                    .reversed());

    private boolean mixed() {
      return ofComponent < container.instances().size();
    }
  }

  private PlanDraft(PackingLimits limits) {
    this.limits = limits;
  }

  /** Without containers. */
  public static PlanDraft empty(PackingLimits limits) {
    return new PlanDraft(limits);
  }

  /** A copy of the plan without the instances that are removed. */
  public static PlanDraft of(PackingLimits limits, PackingPlan plan, Map<String, Integer> removed) {
    PlanDraft draft = new PlanDraft(limits);
    for (ContainerPlan container : plan.containers()) {
      draft.containers.add(new Container(container.id(), new ArrayList<>(container.instances())));
    }
    draft.remove(removed);
    for (Container container : draft.containers) {
      container.instances().forEach(draft::noteNumbers);
    }
    return draft;
  }

  private void noteNumbers(InstancePlan instance) {
    highestTask = Math.max(highestTask, instance.taskId());
    highestIndex.merge(instance.componentName(), instance.componentIndex(), Math::max);
  }

  private void remove(Map<String, Integer> removed) {
    if (removed.isEmpty()) {
      return;
    }
    Map<String, List<Candidate>> candidates = new HashMap<>();
    for (Container container : containers) {
      Map<String, Integer> counts = new HashMap<>();
      for (InstancePlan instance : container.instances()) {
        if (removed.containsKey(instance.componentName())) {
          counts.merge(instance.componentName(), 1, Integer::sum);
        }
      }
      counts.forEach(
          (component, count) ->
              candidates
                  .computeIfAbsent(component, name -> new ArrayList<>())
                  .add(new Candidate(container, count)));
    }
    removed.forEach(
        (component, count) ->
            remove(component, count, candidates.getOrDefault(component, new ArrayList<>())));
  }

  /**
   * A container that has lost an instance has fewer than before, so it stays the first candidate
   * until it has none left: sorting once is the same as upstream's sorting for each instance.
   */
  private static void remove(String component, int count, List<Candidate> candidates) {
    candidates.sort(Candidate.ORDER);
    int left = count;
    for (Candidate candidate : candidates) {
      int taken = Math.min(left, candidate.ofComponent());
      removeHighest(candidate.container(), component, taken);
      left -= taken;
      if (left == 0) {
        return;
      }
    }
    throw new PackingException(
        "Cannot remove instance. No more instances of component "
            + component
            + " exist in the containers.");
  }

  /** Upstream takes any; the highest task ids make the plan the same every time. */
  private static void removeHighest(Container container, String component, int count) {
    List<InstancePlan> instances = container.instances();
    List<InstancePlan> victims =
        instances.stream()
            .filter(instance -> instance.componentName().equals(component))
            .sorted(Comparator.comparingInt(InstancePlan::taskId).reversed())
            .limit(count)
            .toList();
    instances.removeAll(new HashSet<>(victims));
  }

  /** Containers, those without instances too. */
  public int size() {
    return containers.size();
  }

  /** The id of the container at that position. */
  public int id(int position) {
    return containers.get(position).id();
  }

  /** Instances in the container at that position. */
  public int instances(int position) {
    return containers.get(position).instances().size();
  }

  /** What the instances of the container at that position take, without the padding. */
  public Resource used(int position) {
    Resource sum = Resource.EMPTY;
    for (InstancePlan instance : containers.get(position).instances()) {
      sum = sum.plus(instance.resource());
    }
    return sum;
  }

  /**
   * Adds an empty container with the next id.
   *
   * @return its position
   */
  public int addContainer() {
    int last = containers.isEmpty() ? 0 : containers.get(containers.size() - 1).id();
    containers.add(new Container(Math.addExact(last, 1), new ArrayList<>()));
    return containers.size() - 1;
  }

  /** Puts a new instance of the component into the container at that position. */
  public void add(int position, String component) {
    highestTask = Math.addExact(highestTask, 1);
    int index = Optional.ofNullable(highestIndex.get(component)).map(last -> last + 1).orElse(0);
    highestIndex.put(component, index);
    containers
        .get(position)
        .instances()
        .add(new InstancePlan(component, highestTask, index, limits.size(component)));
  }

  /** The plan, without the containers that hold nothing; cores are rounded, as upstream's. */
  public PackingPlan build(String planId) {
    List<ContainerPlan> plans = new ArrayList<>(containers.size());
    for (int position = 0; position < containers.size(); position++) {
      Container container = containers.get(position);
      if (!container.instances().isEmpty()) {
        Resource used = used(position).plus(limits.padding());
        plans.add(
            new ContainerPlan(
                container.id(),
                container.instances(),
                new Resource(Math.round(used.cpu()), used.ram(), used.disk())));
      }
    }
    return new PackingPlan(planId, plans);
  }
}
