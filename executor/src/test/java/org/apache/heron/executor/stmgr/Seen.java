package org.apache.heron.executor.stmgr;

import java.util.Map;
import org.apache.heron.api.bolt.BaseRichBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;

/** Records tuples, passes them on anchored, and acks them. */
class Seen extends BaseRichBolt {

  private static final long serialVersionUID = 1L;

  final String name;
  OutputCollector collector;
  int task;

  Seen(String name) {
    this.name = name;
  }

  /** What is recorded. */
  record Sighting(int task, Object word, int sourceTask) {}

  @Override
  public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector out) {
    collector = out;
    task = context.getThisTaskId();
  }

  @Override
  public void execute(Tuple tuple) {
    Recorder.add(name, new Sighting(task, tuple.getValue(0), tuple.getSourceTask()));
    collector.emit(tuple, new Values(tuple.getValue(0), tuple.getValue(1)));
    collector.ack(tuple);
  }

  @Override
  public void declareOutputFields(OutputFieldsDeclarer declarer) {
    declarer.declare(new Fields("word", "number"));
  }
}
