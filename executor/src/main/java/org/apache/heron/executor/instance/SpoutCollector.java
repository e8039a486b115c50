package org.apache.heron.executor.instance;

import java.util.ArrayDeque;
import java.util.List;
import org.apache.heron.api.spout.ISpoutOutputCollector;
import org.apache.heron.executor.acking.AckLedger;
import org.apache.heron.executor.acking.Completion;
import org.apache.heron.executor.acking.Completion.Outcome;
import org.apache.heron.executor.instance.Emitter.Targets;
import org.apache.heron.executor.instance.Routes.StreamRoute;
import org.apache.heron.executor.metrics.InstanceStats;
import org.apache.heron.executor.tuple.Roots;

/** A spout's way out. Without acking, message ids are acked as soon as the tuple was emitted. */
final class SpoutCollector implements ISpoutOutputCollector {

  private final Emitter emitter;
  private final AckLedger ledger;
  private final boolean acking;
  private final int task;
  private final InstanceStats stats;
  private final ArrayDeque<Completion> ackedAtOnce = new ArrayDeque<>();
  private long[] keys = new long[8];

  SpoutCollector(Emitter emitter, AckLedger ledger, boolean acking, int task, InstanceStats stats) {
    this.emitter = emitter;
    this.ledger = ledger;
    this.acking = acking;
    this.task = task;
    this.stats = stats;
  }

  @Override
  public List<Integer> emit(String stream, List<Object> values, Object messageId) {
    synchronized (emitter) {
      StreamRoute route = emitter.route(stream, values);
      return send(route, emitter.choose(route, values), values, messageId);
    }
  }

  @Override
  public void emitDirect(int toTask, String stream, List<Object> values, Object messageId) {
    synchronized (emitter) {
      StreamRoute route = emitter.route(stream, values);
      send(route, emitter.choose(route, values, toTask), values, messageId);
    }
  }

  private List<Integer> send(
      StreamRoute route, Targets targets, List<Object> values, Object messageId) {
    int count = targets.count();
    emitter.begin(values);
    if (!acking || messageId == null) {
      for (int i = 0; i < count; i++) {
        emitter.add(i, route, null);
      }
      if (messageId != null) {
        ackedAtOnce.add(new Completion(messageId, route.stream(), 0, Outcome.ACKED));
      }
    } else {
      sendTracked(route, count, messageId);
    }
    return emitter.emitted(route, values);
  }

  private void sendTracked(StreamRoute route, int count, Object messageId) {
    if (count > keys.length) {
      keys = new long[count * 2];
    }
    long root = ledger.newRoot();
    long all;
    do {
      // a tree whose keys cancel out would look complete
      all = 0;
      for (int i = 0; i < count; i++) {
        keys[i] = emitter.newKey();
        all ^= keys[i];
      }
    } while (count > 0 && all == 0);
    // staged before added: adding may send, and sending publishes what is staged
    ledger.stage(root, all, messageId, route.stream(), System.nanoTime());
    for (int i = 0; i < count; i++) {
      emitter.add(i, route, Roots.of(task, root, keys[i]));
    }
  }

  /** The next tuple that needs no ack of a bolt, or null. */
  Completion pollAckedAtOnce() {
    synchronized (emitter) {
      return ackedAtOnce.poll();
    }
  }

  @Override
  public void reportError(Throwable error) {
    stats.exceptions().add(error);
  }
}
