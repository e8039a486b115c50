package org.apache.heron.executor.stmgr;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Values;

/** Emits {@code task:0, task:1 …} and their numbers, and again what fails. */
class Sequence extends BaseRichSpout {

  private static final long serialVersionUID = 1L;

  private final long limit;
  private final boolean tracked;
  private final Queue<Long> replays = new ArrayDeque<>();
  private SpoutOutputCollector collector;
  private int task;
  private long next;

  Sequence(long limit, boolean tracked) {
    this.limit = limit;
    this.tracked = tracked;
  }

  @Override
  public void open(Map<String, Object> config, TopologyContext context, SpoutOutputCollector out) {
    collector = out;
    task = context.getThisTaskId();
    Recorder.add("opened", task);
  }

  @Override
  public void nextTuple() {
    Long number = replays.poll();
    if (number == null) {
      if (next >= limit || dry()) {
        return;
      }
      number = next++;
    }
    Values values = new Values(task + ":" + number, number);
    if (tracked) {
      Recorder.add("emitted", task + ":" + number);
      collector.emit(values, number);
    } else {
      collector.emit(values);
    }
  }

  /** Whether it has been told to give no new words. */
  boolean dry() {
    return false;
  }

  @Override
  public void ack(Object messageId) {
    Recorder.add("acked", task + ":" + messageId);
  }

  @Override
  public void fail(Object messageId) {
    Recorder.add("failed", task + ":" + messageId);
    replays.add((Long) messageId);
  }

  @Override
  public void activate() {
    Recorder.add("activated", task);
  }

  @Override
  public void deactivate() {
    Recorder.add("deactivated", task);
  }

  @Override
  public void close() {
    Recorder.add("closed", task);
  }

  @Override
  public void declareOutputFields(OutputFieldsDeclarer declarer) {
    declarer.declare(new Fields("word", "number"));
  }
}
