package org.apache.heron.examples.api;

import java.time.Duration;
import java.util.Map;
import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.bolt.BaseRichBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.examples.api.bolt.ExclamationBolt;
import org.apache.heron.examples.api.spout.AckedWordSpout;

/**
 * Every word is tracked through two bolts; one in a hundred is failed and comes again.
 *
 * <p>Arguments: [topology name] [parallelism, 2]
 */
public final class AckingTopology {
  private AckingTopology() {}

  public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
    int parallelism = ExampleResources.number(args, 1, 2);

    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("word", new AckedWordSpout(Duration.ofMillis(1)), parallelism);
    builder.setBolt("exclaim1", new ExclamationBolt(), parallelism).shuffleGrouping("word");
    builder.setBolt("judge", new JudgeBolt(), parallelism).shuffleGrouping("exclaim1");

    Config config = new Config();
    config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
    config.setMaxSpoutPending(1000);
    config.setMessageTimeoutSecs(10);
    ExampleResources.apply(config, 2, 3 * parallelism, "word", "exclaim1", "judge");
    HeronSubmitter.submitTopology(
        ExampleResources.name(args, "AckingTopology"), config, builder.createTopology());
  }

  /** Fails every hundredth tuple and acknowledges the others. */
  public static final class JudgeBolt extends BaseRichBolt {
    private static final long serialVersionUID = 1L;

    private transient OutputCollector collector;
    private transient long seen;

    @Override
    public void prepare(
        Map<String, Object> config, TopologyContext context, OutputCollector outputCollector) {
      collector = outputCollector;
    }

    @Override
    public void execute(Tuple tuple) {
      if (++seen % 100 == 0) {
        collector.fail(tuple);
      } else {
        collector.ack(tuple);
      }
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
      // the end of the stream: nothing is emitted
    }
  }
}
