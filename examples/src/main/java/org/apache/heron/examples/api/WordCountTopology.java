package org.apache.heron.examples.api;

import java.time.Duration;
import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.examples.api.bolt.CountBolt;
import org.apache.heron.examples.api.bolt.ReportBolt;
import org.apache.heron.examples.api.bolt.SplitSentenceBolt;
import org.apache.heron.examples.api.spout.RandomSentenceSpout;

/**
 * Sentences are split into words, words are counted by fields grouping, the counts reported.
 *
 * <p>Arguments: [topology name] [parallelism of each component, 2]
 */
public final class WordCountTopology {
  private WordCountTopology() {}

  public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
    int parallelism = ExampleResources.number(args, 1, 2);

    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("sentence", new RandomSentenceSpout(Duration.ofMillis(1)), parallelism);
    builder.setBolt("split", new SplitSentenceBolt(), parallelism).shuffleGrouping("sentence");
    builder
        .setBolt("count", new CountBolt(), parallelism)
        .fieldsGrouping("split", new Fields("word"));
    builder
        .setBolt("report", new ReportBolt(), 1)
        .globalGrouping("count")
        .addConfiguration(Config.TOPOLOGY_TICK_TUPLE_FREQ_MS, 10_000L);

    Config config = new Config();
    config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATMOST_ONCE);
    ExampleResources.apply(config, 2, 3 * parallelism + 1, "sentence", "split", "count", "report");
    HeronSubmitter.submitTopology(
        ExampleResources.name(args, "WordCountTopology"), config, builder.createTopology());
  }
}
