package org.apache.heron.executor.instance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.heron.api.Config;
import org.apache.heron.api.Pair;
import org.apache.heron.api.hooks.ITaskHook;
import org.apache.heron.api.serializer.IPluggableSerializer;
import org.apache.heron.api.state.HashMapState;
import org.apache.heron.api.topology.IStatefulComponent;
import org.apache.heron.api.topology.IUpdatable;
import org.apache.heron.executor.metrics.InstanceStats;
import org.apache.heron.executor.plan.ComponentConfig;
import org.apache.heron.executor.plan.PlanView;
import org.apache.heron.executor.tuple.Serializers;
import org.apache.heron.executor.tuple.UserObjects;
import org.apache.heron.proto.api.TopologyAPI.Component;

/**
 * One life of a spout or bolt: from its definition to close. All methods are called on the
 * instance's thread; whatever user code throws goes through them.
 */
abstract class InstanceTask {

  final InstanceIdentity identity;
  final InstanceEnvironment environment;
  final InstanceStats stats;
  final ComponentConfig config;
  final Timers timers = new Timers();
  final Hooks hooks;
  final InstanceContext context;
  final Map<String, Object> userConfig;
  PlanView plan;
  boolean retiring;

  InstanceTask(
      InstanceIdentity identity,
      InstanceEnvironment environment,
      InstanceStats stats,
      PlanView plan) {
    this.identity = identity;
    this.environment = environment;
    this.stats = stats;
    this.plan = plan;
    config = ComponentConfig.of(plan.topology(), identity.component(), environment.objects());
    userConfig = config.toMap();
    hooks = new Hooks(identity.task());
    context =
        new InstanceContext(
            environment, identity, plan, config, hooks, stats.userMetrics(), timers);
  }

  /** Makes the user's object ready. */
  abstract void open();

  /** Metrics of heron-api's own. */
  final void registerGlobalMetrics() {
    GlobalCounts.registerWith(context);
  }

  /** Does what there is to do, or sleeps until there is. */
  abstract void step();

  /** Ends the life of the user's object. */
  abstract void close();

  /** Another thread has a plan for this one, or wants it to stop: ends a sleep. */
  abstract void nudge();

  /** It will end when it {@link #hasFinished}: it begins nothing new. */
  void retire() {
    retiring = true;
  }

  /** Whether a task that retires has nothing left to do. */
  abstract boolean hasFinished();

  abstract Emitter emitter();

  /** The spout or bolt itself. */
  abstract Object userObject();

  /** Takes over another plan. */
  void planChanged(PlanView newPlan) {
    plan = newPlan;
    context.planChanged(newPlan);
    emitter().planChanged(newPlan);
    if (userObject() instanceof IUpdatable updatable) {
      updatable.update(context);
    }
  }

  final IPluggableSerializer newSerializer() {
    return Serializers.forTopology(config.toMap(), environment.objects());
  }

  /** The user's object from its definition. */
  static <T> T create(Component definition, Class<T> type, UserObjects objects) {
    String what = "component " + definition.getName();
    if (definition.hasSerializedObject()) {
      Object made = objects.deserialize(definition.getSerializedObject().toByteArray(), what);
      if (type.isInstance(made)) {
        return type.cast(made);
      }
      throw new IllegalArgumentException(
          what + ": " + made.getClass().getName() + " is not a " + type.getSimpleName());
    }
    if (definition.hasClassName()) {
      return objects.instantiate(definition.getClassName(), type, what);
    }
    throw new IllegalArgumentException(
        what + ": the definition holds neither an object nor a class name");
  }

  @SuppressWarnings("unchecked") // the component's own type parameters; the state is empty
  final void initState(Object component) {
    if (component instanceof IStatefulComponent<?, ?> stateful) {
      ((IStatefulComponent<java.io.Serializable, java.io.Serializable>) stateful)
          .initState(new HashMapState<>());
    }
  }

  final void addAutoHooks() {
    if (config.get(Config.TOPOLOGY_AUTO_TASK_HOOKS).orElse(null) instanceof List<?> names) {
      for (Object name : names) {
        hooks.add(
            environment
                .objects()
                .instantiate(
                    String.valueOf(name), ITaskHook.class, Config.TOPOLOGY_AUTO_TASK_HOOKS));
      }
    }
  }

  /**
   * What was registered by registerTopologyTimerEvents: with the topology's configuration, or by
   * the component's own open or prepare in the map that it was given, as time windows do.
   */
  final void addTimerEvents() {
    if (userConfig.get(Config.TOPOLOGY_TIMER_EVENTS) instanceof Map<?, ?> events) {
      for (Object event : events.values()) {
        if (event instanceof Pair<?, ?> pair
            && pair.getFirst() instanceof Duration period
            && pair.getSecond() instanceof Runnable work) {
          timers.every(period, System.nanoTime(), work);
        } else {
          throw new IllegalArgumentException(
              Config.TOPOLOGY_TIMER_EVENTS + ": not a pair of duration and runnable: " + event);
        }
      }
    }
  }
}
