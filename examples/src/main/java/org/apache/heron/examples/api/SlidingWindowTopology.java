package org.apache.heron.examples.api;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.bolt.BaseWindowedBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;
import org.apache.heron.api.windowing.TupleWindow;
import org.apache.heron.examples.api.spout.TestWordSpout;

/**
 * Words of the last ten seconds, counted every second.
 *
 * <p>Arguments: [topology name] [parallelism, 1]
 */
public final class SlidingWindowTopology {
  private SlidingWindowTopology() {}

  public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
    int parallelism = ExampleResources.number(args, 1, 1);

    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("word", new TestWordSpout(Duration.ofMillis(5)), parallelism);
    builder
        .setBolt(
            "window",
            new WindowCountBolt().withWindow(Duration.ofSeconds(10), Duration.ofSeconds(1)),
            parallelism)
        .fieldsGrouping("word", new Fields("word"));

    Config config = new Config();
    ExampleResources.apply(config, 1, 2 * parallelism, "word", "window");
    HeronSubmitter.submitTopology(
        ExampleResources.name(args, "SlidingWindowTopology"), config, builder.createTopology());
  }

  /** Counts the words of a window. */
  public static final class WindowCountBolt extends BaseWindowedBolt {
    private static final long serialVersionUID = 1L;

    private transient OutputCollector collector;

    @Override
    public void prepare(
        Map<String, Object> config, TopologyContext context, OutputCollector outputCollector) {
      collector = outputCollector;
    }

    @Override
    public void execute(TupleWindow window) {
      Map<String, Long> counts = new TreeMap<>();
      for (Tuple tuple : window.get()) {
        counts.merge(tuple.getString(0), 1L, Long::sum);
      }
      System.out.println("window " + counts);
      counts.forEach((word, count) -> collector.emit(new Values(word, count)));
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
      declarer.declare(new Fields("word", "count"));
    }
  }
}
