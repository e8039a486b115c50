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

/** Emits one of a handful of sentences at a steady pace. */
public class RandomSentenceSpout extends BaseRichSpout {
  private static final long serialVersionUID = 1L;
  private static final String[] SENTENCES = {
    "a heron stands still in the shallow water",
    "the river carries what the rain has brought",
    "two grey birds wait for one silver fish",
    "patience is how a heron earns its supper",
    "at dusk the birds return to the old trees"
  };

  private final Duration pause;
  private transient SpoutOutputCollector collector;
  private transient SplittableRandom random;

  /**
   * @param pause time between two sentences
   */
  public RandomSentenceSpout(Duration pause) {
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
    collector.emit(new Values(SENTENCES[random.nextInt(SENTENCES.length)]));
    LockSupport.parkNanos(pause.toNanos());
  }

  @Override
  public void declareOutputFields(OutputFieldsDeclarer declarer) {
    declarer.declare(new Fields("sentence"));
  }
}
