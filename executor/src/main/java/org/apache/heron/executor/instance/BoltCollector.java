package org.apache.heron.executor.instance;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.heron.api.bolt.IOutputCollector;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.executor.instance.Emitter.Targets;
import org.apache.heron.executor.instance.Routes.StreamRoute;
import org.apache.heron.executor.metrics.InstanceStats;
import org.apache.heron.executor.tuple.Roots;
import org.apache.heron.executor.tuple.TupleImpl;

/** A bolt's way out. */
final class BoltCollector implements IOutputCollector {

  private final Emitter emitter;
  private final AckBuffer acks;
  private final boolean acking;
  private final InstanceStats stats;
  private final Hooks hooks;
  private final Roots.Builder collected = new Roots.Builder();

  BoltCollector(Emitter emitter, AckBuffer acks, boolean acking, InstanceStats stats, Hooks hooks) {
    this.emitter = emitter;
    this.acks = acks;
    this.acking = acking;
    this.stats = stats;
    this.hooks = hooks;
  }

  @Override
  public List<Integer> emit(String stream, Collection<Tuple> anchors, List<Object> values) {
    synchronized (emitter) {
      StreamRoute route = emitter.route(stream, values);
      return send(route, emitter.choose(route, values), anchors, values);
    }
  }

  @Override
  public void emitDirect(
      int toTask, String stream, Collection<Tuple> anchors, List<Object> values) {
    synchronized (emitter) {
      StreamRoute route = emitter.route(stream, values);
      send(route, emitter.choose(route, values, toTask), anchors, values);
    }
  }

  private List<Integer> send(
      StreamRoute route, Targets targets, Collection<Tuple> anchors, List<Object> values) {
    emitter.begin(values);
    boolean anchored = acking && anchors != null && !anchors.isEmpty();
    for (int i = 0, count = targets.count(); i < count; i++) {
      emitter.add(i, route, anchored ? anchor(anchors) : null);
    }
    return emitter.emitted(route, values);
  }

  /** The roots of a new tuple: all roots of its anchors. Each anchor takes a key of its own. */
  private Roots anchor(Collection<Tuple> anchors) {
    collected.clear();
    for (Tuple anchor : anchors) {
      TupleImpl tuple = own(anchor);
      if (tuple.roots() == null) {
        continue;
      }
      long key = emitter.newKey();
      tuple.addChild(key);
      for (int i = 0, count = tuple.roots().count(); i < count; i++) {
        collected.add(tuple.roots().spoutTask(i), tuple.roots().rootId(i), key);
      }
    }
    return collected.build();
  }

  private static TupleImpl own(Tuple tuple) {
    if (tuple instanceof TupleImpl own) {
      return own;
    }
    throw new IllegalArgumentException(
        "a tuple that did not come from Heron: "
            + (tuple == null ? "null" : tuple.getClass().getName()));
  }

  @Override
  public void ack(Tuple tuple) {
    TupleImpl own = own(tuple);
    synchronized (emitter) {
      if (!own.settle()) {
        return;
      }
      if (acking && own.roots() != null) {
        acks.ack(own);
      }
      long latency = latency(own);
      if (latency > 0) {
        stats.acked(own.stream(), latency);
      } else {
        stats.acked(own.stream());
      }
      if (!hooks.none()) {
        hooks.boltAcked(tuple, Duration.ofNanos(latency));
      }
      emitter.flushIfForeign();
    }
  }

  @Override
  public void fail(Tuple tuple) {
    TupleImpl own = own(tuple);
    synchronized (emitter) {
      if (!own.settle()) {
        return;
      }
      if (acking && own.roots() != null) {
        acks.fail(own);
      }
      long latency = latency(own);
      if (latency > 0) {
        stats.failed(own.stream(), latency);
      } else {
        stats.failed(own.stream());
      }
      if (!hooks.none()) {
        hooks.boltFailed(tuple, Duration.ofNanos(latency));
      }
      emitter.flushIfForeign();
    }
  }

  /** Time since execution began, 0 where it is not sampled. */
  private static long latency(TupleImpl tuple) {
    return tuple.startNanos() == 0 ? 0 : Math.max(1, System.nanoTime() - tuple.startNanos());
  }

  @Override
  public void reportError(Throwable error) {
    stats.exceptions().add(error);
  }
}
