package org.apache.heron.executor.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.heron.proto.api.TopologyAPI.Bolt;
import org.apache.heron.proto.api.TopologyAPI.InputStream;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;

/**
 * A physical plan by task. Immutable.
 *
 * @param topology the definition with its components, as large as the plan makes it
 * @param state of the topology
 * @param instances by task id
 * @param stmgrs by stream manager id
 * @param tasks task ids, ascending, by component
 */
public record PlanView(
    Topology topology,
    TopologyState state,
    Map<Integer, Instance> instances,
    Map<String, StMgr> stmgrs,
    Map<String, List<Integer>> tasks) {

  /**
   * Looks at a plan.
   *
   * @param definition the topology with all its serialized components; the plan's may lack them
   * @throws IllegalArgumentException if the plan is of another topology or contradicts itself
   */
  public static PlanView of(Topology definition, PhysicalPlan plan) {
    if (!plan.getTopology().getId().equals(definition.getId())) {
      throw new IllegalArgumentException(
          String.format(
              "physical plan of topology %s; this container runs %s",
              plan.getTopology().getId(), definition.getId()));
    }
    Map<String, StMgr> stmgrs = new TreeMap<>();
    plan.getStmgrsList().forEach(stmgr -> stmgrs.put(stmgr.getId(), stmgr));
    Map<String, List<Integer>> tasks = new LinkedHashMap<>();
    components(definition).forEach(name -> tasks.put(name, new ArrayList<>()));
    Map<Integer, Instance> instances = new TreeMap<>();
    for (Instance instance : plan.getInstancesList()) {
      int task = instance.getInfo().getTaskId();
      List<Integer> siblings = tasks.get(instance.getInfo().getComponentName());
      if (siblings == null) {
        throw new IllegalArgumentException(
            String.format(
                "physical plan: instance %s of component %s, which topology %s has not",
                instance.getInstanceId(),
                instance.getInfo().getComponentName(),
                definition.getName()));
      }
      if (instances.put(task, instance) != null) {
        throw new IllegalArgumentException("physical plan: task " + task + " appears twice");
      }
      siblings.add(task);
    }
    tasks.values().forEach(list -> list.sort(null));
    Topology valued = RuntimeValues.of(definition, plan.getTopology());
    Topology scaled = PlannedScale.of(valued, plan.getInstancesList(), stmgrs.size());
    return new PlanView(
        scaled.equals(definition) ? definition : scaled,
        plan.getTopology().getState(),
        instances,
        stmgrs,
        Map.copyOf(tasks));
  }

  /**
   * This plan, which follows another one. As long as instances stay where they are it has the very
   * map of the one before: who holds ways to instances needs new ones only when the map is another.
   * Between two equal plans there may have been one in which an instance ended.
   */
  public PlanView after(PlanView before) {
    return before == null || !before.instances.equals(instances)
        ? this
        : new PlanView(topology, state, before.instances, stmgrs, tasks);
  }

  /** This plan with the topology deactivated. */
  public PlanView paused() {
    return new PlanView(topology, TopologyState.PAUSED, instances, stmgrs, tasks);
  }

  private static Set<String> components(Topology topology) {
    Set<String> names = new LinkedHashSet<>();
    topology.getSpoutsList().forEach(spout -> names.add(spout.getComp().getName()));
    topology.getBoltsList().forEach(bolt -> names.add(bolt.getComp().getName()));
    return names;
  }

  /** Whether tuples flow, as opposed to PAUSED or KILLED. */
  public boolean running() {
    return state == TopologyState.RUNNING;
  }

  /** The component of a task, or null. */
  public String componentOf(int task) {
    Instance instance = instances.get(task);
    return instance == null ? null : instance.getInfo().getComponentName();
  }

  /** The largest task id; 0 if there are none. */
  public int maxTask() {
    return instances.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** The spout of that name, or null. */
  public Spout spout(String component) {
    for (Spout spout : topology.getSpoutsList()) {
      if (spout.getComp().getName().equals(component)) {
        return spout;
      }
    }
    return null;
  }

  /** The bolt of that name, or null. */
  public Bolt bolt(String component) {
    for (Bolt bolt : topology.getBoltsList()) {
      if (bolt.getComp().getName().equals(component)) {
        return bolt;
      }
    }
    return null;
  }

  /** Whether what {@code from} emits to {@code to} may come round to {@code from} again. */
  public boolean onCycle(String from, String to) {
    Set<String> seen = new HashSet<>();
    List<String> open = new ArrayList<>(List.of(to));
    while (!open.isEmpty()) {
      String component = open.remove(open.size() - 1);
      if (component.equals(from)) {
        return true;
      }
      if (seen.add(component)) {
        topology.getBoltsList().stream()
            .filter(bolt -> listensTo(bolt, component))
            .forEach(bolt -> open.add(bolt.getComp().getName()));
      }
    }
    return false;
  }

  private static boolean listensTo(Bolt bolt, String component) {
    for (InputStream input : bolt.getInputsList()) {
      if (input.getStream().getComponentName().equals(component)) {
        return true;
      }
    }
    return false;
  }
}
