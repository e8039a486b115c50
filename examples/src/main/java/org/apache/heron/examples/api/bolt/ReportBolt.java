package org.apache.heron.examples.api.bolt;

import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.api.Constants;
import org.apache.heron.api.bolt.BaseBasicBolt;
import org.apache.heron.api.bolt.BasicOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;

/** Keeps the newest count of each word, and prints the table at every tick tuple. */
public class ReportBolt extends BaseBasicBolt {
  private static final long serialVersionUID = 1L;

  private transient Map<String, Long> newest;

  @Override
  public void prepare(Map<String, Object> config, TopologyContext context) {
    newest = new TreeMap<>();
  }

  @Override
  public void execute(Tuple tuple, BasicOutputCollector collector) {
    if (Constants.SYSTEM_COMPONENT_ID.equals(tuple.getSourceComponent())) {
      System.out.println("counts " + newest);
      return;
    }
    newest.merge(tuple.getString(0), tuple.getLong(1), Math::max);
  }

  @Override
  public void declareOutputFields(OutputFieldsDeclarer declarer) {
    // the end of the stream: nothing is emitted
  }
}
