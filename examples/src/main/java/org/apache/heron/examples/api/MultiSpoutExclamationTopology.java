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
 * Three streams of words into one bolt.
 *
 * <p>Arguments: [topology name] [parallelism of each component, 2]
 */
public final class MultiSpoutExclamationTopology {
  private MultiSpoutExclamationTopology() {}

  public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
    int parallelism = ExampleResources.number(args, 1, 2);
    Duration pause = Duration.ofMillis(1);

    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("word0", new TestWordSpout(pause), parallelism);
    builder.setSpout("word1", new TestWordSpout(pause), parallelism);
    builder.setSpout("word2", new TestWordSpout(pause), parallelism);
    builder
        .setBolt("exclaim1", new ExclamationBolt(), parallelism)
        .shuffleGrouping("word0")
        .shuffleGrouping("word1")
        .shuffleGrouping("word2");

    Config config = new Config();
    config.setMaxSpoutPending(10);
    ExampleResources.apply(config, 2, 4 * parallelism, "word0", "word1", "word2", "exclaim1");
    HeronSubmitter.submitTopology(
        ExampleResources.name(args, "MultiSpoutExclamationTopology"),
        config,
        builder.createTopology());
  }
}
