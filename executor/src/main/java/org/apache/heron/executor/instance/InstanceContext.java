package org.apache.heron.executor.instance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.hooks.ITaskHook;
import org.apache.heron.api.metric.CombinedMetric;
import org.apache.heron.api.metric.ICombiner;
import org.apache.heron.api.metric.IMetric;
import org.apache.heron.api.metric.IReducer;
import org.apache.heron.api.metric.ReducedMetric;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.executor.metrics.UserMetrics;
import org.apache.heron.executor.plan.ComponentConfig;
import org.apache.heron.executor.plan.PlanView;
import org.apache.heron.executor.tuple.StreamInfo;
import org.apache.heron.executor.tuple.StreamTable;

/**
 * What an instance's code may ask about its topology and itself. The collections that it answers
 * with are the asker's own, to be changed at will, as upstream's. Thread-safe.
 */
final class InstanceContext implements TopologyContext {

  private final InstanceEnvironment environment;
  private final StreamTable streams;
  private final String component;
  private final int task;
  private final int index;
  private final Hooks hooks;
  private final UserMetrics metrics;
  private final Timers timers;
  private final Map<String, Object> data = new ConcurrentHashMap<>();
  private volatile ComponentConfig config;
  private volatile PlanView plan;
  private volatile TopologyAPI.Topology topology;

  InstanceContext(
      InstanceEnvironment environment,
      InstanceIdentity identity,
      PlanView plan,
      ComponentConfig config,
      Hooks hooks,
      UserMetrics metrics,
      Timers timers) {
    this.environment = environment;
    this.streams = environment.streams();
    this.component = identity.component();
    this.task = identity.task();
    this.index = identity.componentIndex();
    this.plan = plan;
    this.topology = environment.rawTopologies().apply(plan.topology());
    this.config = config;
    this.hooks = hooks;
    this.metrics = metrics;
    this.timers = timers;
  }

  void planChanged(PlanView newPlan) {
    plan = newPlan;
    config = ComponentConfig.of(newPlan.topology(), component, environment.objects());
    topology = environment.rawTopologies().apply(newPlan.topology());
  }

  ComponentConfig config() {
    return config;
  }

  Hooks hooks() {
    return hooks;
  }

  @Override
  public String getTopologyId() {
    return topology.getId();
  }

  @Override
  @Deprecated
  public TopologyAPI.Topology getRawTopology() {
    return topology;
  }

  @Override
  public String getComponentId(int taskId) {
    return plan.componentOf(taskId);
  }

  @Override
  public Set<String> getComponentStreams(String componentId) {
    return plan.tasks().containsKey(componentId)
        ? new LinkedHashSet<>(streams.outputsOf(componentId).keySet())
        : null;
  }

  @Override
  public List<Integer> getComponentTasks(String componentId) {
    return new ArrayList<>(plan.tasks().getOrDefault(componentId, List.of()));
  }

  @Override
  public Fields getComponentOutputFields(String componentId, String streamId) {
    return streams
        .find(componentId, streamId)
        .map(StreamInfo::fields)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "component " + componentId + " has no output stream " + streamId));
  }

  @Override
  public Map<TopologyAPI.StreamId, TopologyAPI.Grouping> getSources(String componentId) {
    Map<TopologyAPI.StreamId, TopologyAPI.Grouping> sources = new LinkedHashMap<>();
    for (TopologyAPI.Bolt bolt : topology.getBoltsList()) {
      if (bolt.getComp().getName().equals(componentId)) {
        bolt.getInputsList().forEach(input -> sources.put(input.getStream(), input.getGtype()));
      }
    }
    return sources;
  }

  @Override
  public Map<String, Map<String, TopologyAPI.Grouping>> getTargets(String componentId) {
    Map<String, Map<String, TopologyAPI.Grouping>> targets = new LinkedHashMap<>();
    for (String stream : streams.outputsOf(componentId).keySet()) {
      targets.put(stream, new HashMap<>());
    }
    for (TopologyAPI.Bolt bolt : topology.getBoltsList()) {
      for (TopologyAPI.InputStream input : bolt.getInputsList()) {
        Map<String, TopologyAPI.Grouping> target = targets.get(input.getStream().getId());
        if (input.getStream().getComponentName().equals(componentId) && target != null) {
          target.put(bolt.getComp().getName(), input.getGtype());
        }
      }
    }
    return targets;
  }

  @Override
  public Map<Integer, String> getTaskToComponent() {
    Map<Integer, String> components = new LinkedHashMap<>();
    plan.instances()
        .forEach((id, instance) -> components.put(id, instance.getInfo().getComponentName()));
    return components;
  }

  @Override
  public Set<String> getComponentIds() {
    return new HashSet<>(plan.tasks().keySet());
  }

  @Override
  public int maxTopologyMessageTimeout() {
    return (int)
        config
            .messageTimeout()
            .map(Duration::toSeconds)
            .orElse((long) Integer.MAX_VALUE)
            .longValue();
  }

  @Override
  public int getThisTaskId() {
    return task;
  }

  @Override
  public String getThisComponentId() {
    return component;
  }

  @Override
  public Fields getThisOutputFields(String streamId) {
    return getComponentOutputFields(component, streamId);
  }

  @Override
  public Set<String> getThisStreams() {
    return getComponentStreams(component);
  }

  @Override
  public int getThisTaskIndex() {
    return index;
  }

  @Override
  public Map<TopologyAPI.StreamId, TopologyAPI.Grouping> getThisSources() {
    return getSources(component);
  }

  @Override
  public Map<String, Map<String, TopologyAPI.Grouping>> getThisTargets() {
    return getTargets(component);
  }

  @Override
  public void setTaskData(String name, Object value) {
    if (value == null) {
      data.remove(name);
    } else {
      data.put(name, value);
    }
  }

  @Override
  public Object getTaskData(String name) {
    return data.get(name);
  }

  @Override
  public void addTaskHook(ITaskHook hook) {
    hooks.add(hook);
  }

  @Override
  public Collection<ITaskHook> getHooks() {
    return hooks.all();
  }

  @Override
  public <T extends IMetric<U>, U> T registerMetric(String name, T metric, int bucketSeconds) {
    metrics.register(name, metric);
    Duration period = Duration.ofSeconds(Math.max(1, bucketSeconds));
    timers.every(period, System.nanoTime(), () -> metrics.sample(name));
    return metric;
  }

  @Override
  public <T, U, V> ReducedMetric<T, U, V> registerMetric(
      String name, IReducer<T, U, V> reducer, int bucketSeconds) {
    return registerMetric(name, new ReducedMetric<>(reducer), bucketSeconds);
  }

  @Override
  public <T> CombinedMetric<T> registerMetric(
      String name, ICombiner<T> combiner, int bucketSeconds) {
    return registerMetric(name, new CombinedMetric<>(combiner), bucketSeconds);
  }
}
