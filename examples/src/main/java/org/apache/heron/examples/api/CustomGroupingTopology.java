package org.apache.heron.examples.api;

import java.time.Duration;
import java.util.List;
import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.grouping.CustomStreamGrouping;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.examples.api.bolt.CountBolt;
import org.apache.heron.examples.api.spout.TestWordSpout;

/**
 * A grouping of one's own: words go to the task that their first letter names.
 *
 * <p>Arguments: [topology name] [parallelism, 2]
 */
public final class CustomGroupingTopology {
  private CustomGroupingTopology() {}

  public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
    int parallelism = ExampleResources.number(args, 1, 2);

    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("word", new TestWordSpout(Duration.ofMillis(1)), parallelism);
    builder
        .setBolt("count", new CountBolt(), parallelism)
        .customGrouping("word", new FirstLetterGrouping());

    Config config = new Config();
    ExampleResources.apply(config, 1, 2 * parallelism, "word", "count");
    HeronSubmitter.submitTopology(
        ExampleResources.name(args, "CustomGroupingTopology"), config, builder.createTopology());
  }

  /** The same first letter, the same task. */
  public static final class FirstLetterGrouping implements CustomStreamGrouping {
    private static final long serialVersionUID = 1L;

    private transient List<Integer> tasks;

    @Override
    public void prepare(
        TopologyContext context, String component, String stream, List<Integer> targetTasks) {
      tasks = targetTasks;
    }

    @Override
    public List<Integer> chooseTasks(List<Object> values) {
      String word = (String) values.get(0);
      int letter = word.isEmpty() ? 0 : word.charAt(0);
      return List.of(tasks.get(letter % tasks.size()));
    }
  }
}
