package org.apache.heron.executor.instance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.heron.api.hooks.ITaskHook;
import org.apache.heron.api.hooks.info.BoltAckInfo;
import org.apache.heron.api.hooks.info.BoltExecuteInfo;
import org.apache.heron.api.hooks.info.BoltFailInfo;
import org.apache.heron.api.hooks.info.EmitInfo;
import org.apache.heron.api.hooks.info.SpoutAckInfo;
import org.apache.heron.api.hooks.info.SpoutFailInfo;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;

/** The task hooks of an instance. */
final class Hooks {

  private final int task;
  private final List<ITaskHook> hooks = new CopyOnWriteArrayList<>();

  Hooks(int task) {
    this.task = task;
  }

  void add(ITaskHook hook) {
    hooks.add(hook);
  }

  /** The hooks themselves: who adds one here has added a hook, as upstream. */
  Collection<ITaskHook> all() {
    return hooks;
  }

  /** Whether calls can be left out. */
  boolean none() {
    return hooks.isEmpty();
  }

  private void each(Consumer<ITaskHook> call) {
    hooks.forEach(call);
  }

  void prepare(Map<String, Object> config, TopologyContext context) {
    each(hook -> hook.prepare(config, context));
  }

  void cleanup() {
    each(ITaskHook::cleanup);
  }

  void emitted(List<Object> values, String stream, Collection<Integer> tasks) {
    EmitInfo info = new EmitInfo(values, stream, task, new ArrayList<>(tasks));
    each(hook -> hook.emit(info));
  }

  void spoutAcked(Object messageId, Duration latency) {
    SpoutAckInfo info = new SpoutAckInfo(messageId, task, latency);
    each(hook -> hook.spoutAck(info));
  }

  void spoutFailed(Object messageId, Duration latency) {
    SpoutFailInfo info = new SpoutFailInfo(messageId, task, latency);
    each(hook -> hook.spoutFail(info));
  }

  void boltExecuted(Tuple tuple, Duration latency) {
    BoltExecuteInfo info = new BoltExecuteInfo(tuple, task, latency);
    each(hook -> hook.boltExecute(info));
  }

  void boltAcked(Tuple tuple, Duration latency) {
    BoltAckInfo info = new BoltAckInfo(tuple, task, latency);
    each(hook -> hook.boltAck(info));
  }

  void boltFailed(Tuple tuple, Duration latency) {
    BoltFailInfo info = new BoltFailInfo(tuple, task, latency);
    each(hook -> hook.boltFail(info));
  }
}
