package org.apache.heron.examples.api.spout;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.heron.api.metric.CountMetric;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Values;

/** Emits words with message ids, and emits a word again when its tuple tree failed. */
public class AckedWordSpout extends BaseRichSpout {
  private static final long serialVersionUID = 1L;
  private static final String[] WORDS = {"hello", "bye", "good", "bad", "heron", "storm"};

  private final Duration pause;
  private transient SpoutOutputCollector collector;
  private transient SplittableRandom random;
  private transient Map<Long, String> inFlight;
  private transient Deque<Long> failed;
  private transient CountMetric replayed;
  private transient long nextId;

  /**
   * @param pause time between two words
   */
  public AckedWordSpout(Duration pause) {
    this.pause = pause;
  }

  @Override
  public void open(
      Map<String, Object> config, TopologyContext context, SpoutOutputCollector outputCollector) {
    collector = outputCollector;
    random = new SplittableRandom(context.getThisTaskId());
    inFlight = new HashMap<>();
    failed = new ArrayDeque<>();
    replayed = context.registerMetric("replayed", new CountMetric(), 60);
  }

  @Override
  public void nextTuple() {
    Long again = failed.poll();
    if (again != null) {
      replayed.incr();
      collector.emit(new Values(inFlight.get(again)), again);
      return;
    }
    String word = WORDS[random.nextInt(WORDS.length)];
    long id = nextId++;
    inFlight.put(id, word);
    collector.emit(new Values(word), id);
    LockSupport.parkNanos(pause.toNanos());
  }

  @Override
  public void ack(Object messageId) {
    inFlight.remove((Long) messageId);
  }

  @Override
  public void fail(Object messageId) {
    failed.add((Long) messageId);
  }

  @Override
  public void declareOutputFields(OutputFieldsDeclarer declarer) {
    declarer.declare(new Fields("word"));
  }
}
