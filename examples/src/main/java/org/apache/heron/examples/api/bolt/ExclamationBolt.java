package org.apache.heron.examples.api.bolt;

import java.util.Map;
import org.apache.heron.api.bolt.BaseRichBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;

/** Appends three exclamation marks to the first value of each tuple, and acknowledges it. */
public class ExclamationBolt extends BaseRichBolt {
  private static final long serialVersionUID = 1L;

  private transient OutputCollector collector;

  @Override
  public void prepare(
      Map<String, Object> config, TopologyContext context, OutputCollector outputCollector) {
    collector = outputCollector;
  }

  @Override
  public void execute(Tuple tuple) {
    collector.emit(tuple, new Values(tuple.getString(0) + "!!!"));
    collector.ack(tuple);
  }

  @Override
  public void declareOutputFields(OutputFieldsDeclarer declarer) {
    declarer.declare(new Fields("word"));
  }
}
