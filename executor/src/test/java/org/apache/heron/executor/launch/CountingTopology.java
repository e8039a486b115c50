package org.apache.heron.executor.launch;

import java.util.Map;
import org.apache.heron.api.Config;
import org.apache.heron.api.HeronTopology;
import org.apache.heron.api.bolt.BaseRichBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.generated.TopologyAPI;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;

/** A topology that runs in real containers: numbers by shuffle grouping, a few hundred a second. */
public final class CountingTopology {
  static final String NAME = "counting";
  static final String ID = "counting-0001";

  private CountingTopology() {}

  /** The {@code .defn} file's bytes. */
  static byte[] definition() {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("numbers", new Numbers(), 1);
    builder.setBolt("sums", new Sums(), 1).shuffleGrouping("numbers");
    Config config = new Config();
    config.setNumStmgrs(2);
    HeronTopology topology = builder.createTopology();
    topology.setName(NAME);
    topology.setConfig(config);
    topology.setState(TopologyAPI.TopologyState.RUNNING);
    return topology.getTopology().toBuilder().setId(ID).build().toByteArray();
  }

  /** Counts up. */
  public static final class Numbers extends BaseRichSpout {
    private static final long serialVersionUID = 1L;
    private transient SpoutOutputCollector collector;
    private long next;

    @Override
    public void open(
        Map<String, Object> config, TopologyContext context, SpoutOutputCollector output) {
      collector = output;
      System.out.println("numbers are opened");
    }

    @Override
    public void nextTuple() {
      collector.emit(new Values(next++));
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
      declarer.declare(new Fields("number"));
    }
  }

  /** Adds up. */
  public static final class Sums extends BaseRichBolt {
    private static final long serialVersionUID = 1L;
    private long sum;

    @Override
    public void prepare(
        Map<String, Object> config, TopologyContext context, OutputCollector output) {
      java.util.logging.Logger.getLogger("sums").info("sums are prepared");
    }

    @Override
    public void execute(Tuple tuple) {
      sum += tuple.getLong(0);
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {}

    @Override
    public String toString() {
      return "sum " + sum;
    }
  }
}
