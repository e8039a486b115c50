package org.apache.heron.executor.instance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.heron.api.Config;
import org.apache.heron.api.serializer.IPluggableSerializer;
import org.apache.heron.executor.delivery.Batch;
import org.apache.heron.executor.delivery.Delivery;
import org.apache.heron.executor.grouping.Subscription;
import org.apache.heron.executor.instance.Routes.StreamRoute;
import org.apache.heron.executor.instance.Routes.Way;
import org.apache.heron.executor.metrics.InstanceStats;
import org.apache.heron.executor.plan.PlanView;
import org.apache.heron.executor.tuple.Emission;
import org.apache.heron.executor.tuple.Roots;
import org.apache.heron.executor.tuple.ValueCodec;
import org.apache.heron.executor.tuple.WireWriter;
import org.apache.heron.proto.system.PhysicalPlans.Instance;

/**
 * Brings an instance's tuples to the tasks that want them. User code may emit from threads of its
 * own (windows do): collectors hold this object's monitor while they emit and ack, and tuples of
 * foreign threads are sent at once.
 *
 * <p>Sending waits while the receiving queue is full. Where the receiver's own output may come
 * round to us the wait is short, since it might be waiting for us: then tuples are thrown away and
 * counted, and their trees time out.
 */
final class Emitter {

  private static final long LIMIT_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
  private static final long CYCLE_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long CYCLE_IMPATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** For how long a cycle that had to be opened is taken to be full again. */
  private static final long CYCLE_MEMORY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final InstanceEnvironment environment;
  private final InstanceContext context;
  private final InstanceStats stats;
  private final Emission emission;
  private final Runnable beforeSend;
  private final Thread owner = Thread.currentThread();
  private final SplittableRandom random = new SplittableRandom();
  private final Targets targets = new Targets();
  private volatile OutputLimit limit;
  private final WireWriter measure = new WireWriter(0);
  private Routes routes;
  private Map<Integer, Instance> routed = Map.of();
  private boolean cycleOpened;
  private long cycleOpenedNanos;
  private volatile boolean stopped;

  /** Chosen receivers of one tuple. */
  static final class Targets {
    private OutBuffer[] buffers = new OutBuffer[8];
    private int count;
    private int far;
    private List<Integer> tasks;

    int count() {
      return count;
    }

    List<Integer> tasks() {
      return tasks;
    }

    private void clear() {
      count = 0;
      far = 0;
      tasks = List.of();
    }

    private void add(OutBuffer buffer, List<Integer> alone) {
      if (count == buffers.length) {
        buffers = java.util.Arrays.copyOf(buffers, count * 2);
      }
      buffers[count++] = buffer;
      if (buffer.far()) {
        far++;
      }
      if (count == 1) {
        tasks = alone;
      } else {
        if (count == 2) {
          tasks = new ArrayList<>(tasks);
        }
        tasks.addAll(alone);
      }
    }
  }

  /**
   * An emitter owned by the calling thread.
   *
   * @param beforeSend done before anything leaves: acks, or registration of roots
   */
  Emitter(
      InstanceEnvironment environment,
      InstanceContext context,
      InstanceStats stats,
      IPluggableSerializer serializer,
      Runnable beforeSend) {
    this.environment = environment;
    this.context = context;
    this.stats = stats;
    emission = new Emission(environment.streams(), new ValueCodec(serializer));
    this.beforeSend = beforeSend;
  }

  /** Sends what was meant for the old plan's tasks, then routes by the new one. */
  @SuppressWarnings("ReferenceEquality") // see PlanView.after
  synchronized void planChanged(PlanView plan) {
    limitOutput(plan);
    if (routes != null) {
      if (plan.instances() == routed) {
        return; // custom groupings keep what they have learnt
      }
      flush();
    }
    routes = Routes.of(plan, context, environment);
    routed = plan.instances();
  }

  private void limitOutput(PlanView plan) {
    long bytes = context.config().currentNumber(Config.TOPOLOGY_COMPONENT_OUTPUT_BPS, 0);
    if (bytes <= 0) {
      limit = null;
      return;
    }
    OutputLimit kept = limit == null ? new OutputLimit() : limit;
    List<Integer> siblings = plan.tasks().getOrDefault(context.getThisComponentId(), List.of());
    kept.share(bytes, siblings.size());
    limit = kept;
  }

  /** A random key of a tuple, never zero. */
  long newKey() {
    long key = random.nextLong();
    return key == 0 ? 1 : key;
  }

  /**
   * The route of a stream, after a look at the values.
   *
   * @throws IllegalArgumentException if there is no such stream or the values do not fit it
   */
  StreamRoute route(String stream, List<Object> values) {
    StreamRoute route = routes.get(stream);
    if (route == null) {
      throw new IllegalArgumentException(
          String.format(
              "%s emits to stream %s, which it did not declare; it declared %s",
              context.getThisComponentId(), stream, context.getThisStreams()));
    }
    if (values == null || values.size() != route.stream().fields().size()) {
      throw new IllegalArgumentException(
          String.format(
              "%s emits %s to stream %s, whose fields are %s",
              context.getThisComponentId(),
              values == null ? "null" : values.size() + " values",
              stream,
              route.stream().fields().toList()));
    }
    return route;
  }

  /** Receivers by the groupings. Valid until the next call. */
  Targets choose(StreamRoute route, List<Object> values) {
    targets.clear();
    List<Way> ways = route.ways();
    for (int i = 0, size = ways.size(); i < size; i++) {
      Way way = ways.get(i);
      for (int index : way.subscription().choose(values)) {
        targets.add(way.buffers().get(index), way.alone().get(index));
      }
    }
    return targets;
  }

  /**
   * The receiver that user code names, however it subscribed, besides those whom the groupings
   * choose: upstream's stream manager (StMgr::HandleInstanceData) adds the one to the others. Valid
   * until the next call.
   *
   * @throws IllegalArgumentException if the task's component did not subscribe to the stream
   */
  Targets choose(StreamRoute route, List<Object> values, int task) {
    targets.clear();
    Way named = null;
    for (Way way : route.ways()) {
      Subscription subscription = way.subscription();
      if (subscription.tasks().contains(task)) {
        named = way;
      }
      if (!subscription.custom()) {
        for (int index : subscription.choose(values)) {
          targets.add(way.buffers().get(index), way.alone().get(index));
        }
      }
    }
    if (named == null) {
      throw new IllegalArgumentException(
          String.format(
              "%s emits directly to task %d, whose component does not subscribe to its stream %s",
              context.getThisComponentId(), task, route.stream().stream()));
    }
    int index = named.subscription().tasks().indexOf(task);
    targets.add(named.buffers().get(index), named.alone().get(index));
    return targets;
  }

  /**
   * Takes the values of a tuple for the receivers of the last choice, who will see nothing of what
   * becomes of them afterwards.
   *
   * @throws RuntimeException if a value cannot be serialized, before anybody got the tuple
   */
  void begin(List<Object> values) {
    if (targets.count > 0) {
      emission.begin(values, targets.far);
    }
  }

  /** Adds the tuple begun for receiver {@code i} of the last choice. */
  void add(int i, StreamRoute route, Roots roots) {
    OutputLimit current = limit;
    if (current != null) {
      measure.reset(0);
      emission.write(measure, route.stream(), roots);
      current.charge(measure.position(), System.nanoTime());
    }
    OutBuffer buffer = targets.buffers[i];
    if (buffer.add(route.stream(), emission, roots)) {
      send(buffer);
    }
  }

  /** Counts, tells hooks, and sends at once if this is a thread of user code's own. */
  List<Integer> emitted(StreamRoute route, List<Object> values) {
    emission.end();
    stats.emitted(route.stream());
    List<Integer> tasks = targets.tasks();
    if (!context.hooks().none()) {
      context.hooks().emitted(values, route.stream().stream(), tasks);
    }
    flushIfForeign();
    return tasks;
  }

  void flushIfForeign() {
    if (Thread.currentThread() != owner) {
      flush();
    }
  }

  /** Sends everything, and what goes before it. */
  synchronized void flush() {
    beforeSend.run();
    List<OutBuffer> buffers = routes.buffers();
    for (int i = 0, size = buffers.size(); i < size; i++) {
      if (buffers.get(i).count > 0) {
        send(buffers.get(i));
      }
    }
  }

  private void send(OutBuffer buffer) {
    beforeSend.run();
    Batch batch = buffer.take();
    Delivery delivery = buffer.outlet.offer(batch);
    if (delivery == Delivery.FULL) {
      delivery = waitForRoom(buffer, batch);
    }
    if (delivery == Delivery.GONE) {
      stats.undeliverable.add(batch.count());
    }
  }

  private Delivery waitForRoom(OutBuffer buffer, Batch batch) {
    long start = System.nanoTime();
    boolean interrupted = false;
    Delivery delivery = Delivery.FULL;
    while (delivery == Delivery.FULL && !stopped) {
      LockSupport.parkNanos(this, WAIT_NANOS);
      interrupted |= Thread.interrupted();
      long now = System.nanoTime();
      if (buffer.onCycle && now - start > cyclePatience(now)) {
        cycleOpened = true;
        cycleOpenedNanos = now;
        stats.cycleDrops.add(batch.count());
        break;
      }
      delivery = buffer.outlet.offer(batch);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    stats.blockedNanos.add(System.nanoTime() - start);
    return delivery == Delivery.FULL && stopped ? Delivery.GONE : delivery;
  }

  /**
   * A cycle that is full once is full again at once: one wait of a second for each batch that gets
   * through would be a standstill to the eye. So the memory is one of time, not of successes.
   */
  private long cyclePatience(long now) {
    return cycleOpened && now - cycleOpenedNanos < CYCLE_MEMORY_NANOS
        ? CYCLE_IMPATIENCE_NANOS
        : CYCLE_PATIENCE_NANOS;
  }

  /** For how long the component's limit lets this instance emit nothing; at most zero if it may. */
  long limitedNanos(long now) {
    OutputLimit current = limit;
    return current == null ? 0 : current.waitNanos(now);
  }

  /** Waits until the component's limit lets this instance emit again. */
  void awaitLimit() {
    long wait = limitedNanos(System.nanoTime());
    while (wait > 0 && !stopped) {
      flush();
      LockSupport.parkNanos(this, Math.min(wait, LIMIT_STEP_NANOS));
      wait = limitedNanos(System.nanoTime());
    }
  }

  /** Ends waiting, now and for ever. */
  void stop() {
    stopped = true;
  }
}
