package org.apache.heron.examples.api;

import java.time.Duration;
import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.examples.api.bolt.ExclamationBolt;
import org.apache.heron.examples.api.spout.TestWordSpout;

/**
 * One stream of words, made louder.
 *
 * <p>Arguments: [topology name] [parallelism, 2]
 */
public final class ExclamationTopology {
  private ExclamationTopology() {}

  public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
    int parallelism = ExampleResources.number(args, 1, 2);

    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("word", new TestWordSpout(Duration.ofMillis(1)), parallelism);
    builder.setBolt("exclaim1", new ExclamationBolt(), parallelism).shuffleGrouping("word");

    Config config = new Config();
    config.setDebug(false);
    ExampleResources.apply(config, 1, 2 * parallelism, "word", "exclaim1");
    HeronSubmitter.submitTopology(
        ExampleResources.name(args, "ExclamationTopology"), config, builder.createTopology());
  }
}
