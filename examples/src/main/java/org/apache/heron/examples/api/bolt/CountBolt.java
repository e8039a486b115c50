package org.apache.heron.examples.api.bolt;

import java.util.HashMap;
import java.util.Map;
import org.apache.heron.api.bolt.BaseBasicBolt;
import org.apache.heron.api.bolt.BasicOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;

/** Counts words and emits each with its count so far. */
public class CountBolt extends BaseBasicBolt {
  private static final long serialVersionUID = 1L;

  private transient Map<String, Long> counts;

  @Override
  public void prepare(Map<String, Object> config, TopologyContext context) {
    counts = new HashMap<>();
  }

  @Override
  public void execute(Tuple tuple, BasicOutputCollector collector) {
    String word = tuple.getString(0);
    collector.emit(new Values(word, counts.merge(word, 1L, Long::sum)));
  }

  @Override
  public void declareOutputFields(OutputFieldsDeclarer declarer) {
    declarer.declare(new Fields("word", "count"));
  }
}
