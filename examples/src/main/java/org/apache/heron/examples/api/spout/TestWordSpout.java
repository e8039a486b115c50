package org.apache.heron.examples.api.spout;

import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Values;

/** Emits names at random, as fast as it is asked or with a pause after each. */
public class TestWordSpout extends BaseRichSpout {
  private static final long serialVersionUID = 1L;
  private static final String[] WORDS = {
    "nathan",
    "mike",
    "jackson",
    "golda",
    "bertels",
    "heron",
    "grus",
    "ardea",
    "egretta",
    "nycticorax"
  };

  private final Duration pause;
  private transient SpoutOutputCollector collector;
  private transient SplittableRandom random;

  /** Emits without pause. */
  public TestWordSpout() {
    this(Duration.ZERO);
  }

  /**
   * @param pause time between two words
   */
  public TestWordSpout(Duration pause) {
    this.pause = pause;
  }

  @Override
  public void open(
      Map<String, Object> config, TopologyContext context, SpoutOutputCollector outputCollector) {
    collector = outputCollector;
    random = new SplittableRandom(context.getThisTaskId());
  }

  @Override
  public void nextTuple() {
    collector.emit(new Values(WORDS[random.nextInt(WORDS.length)]));
    if (!pause.isZero()) {
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  @Override
  public void declareOutputFields(OutputFieldsDeclarer declarer) {
    declarer.declare(new Fields("word"));
  }
}
