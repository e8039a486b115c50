package org.apache.heron.examples.api.bolt;

import org.apache.heron.api.bolt.BaseBasicBolt;
import org.apache.heron.api.bolt.BasicOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;

/** Emits each word of a sentence. */
public class SplitSentenceBolt extends BaseBasicBolt {
  private static final long serialVersionUID = 1L;

  @Override
  public void execute(Tuple tuple, BasicOutputCollector collector) {
    for (String word : tuple.getString(0).split(" ")) {
      if (!word.isEmpty()) {
        collector.emit(new Values(word));
      }
    }
  }

  @Override
  public void declareOutputFields(OutputFieldsDeclarer declarer) {
    declarer.declare(new Fields("word"));
  }
}
