package org.apache.heron.examples.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.heron.api.Config;
import org.apache.heron.api.HeronSubmitter;
import org.apache.heron.api.exception.AlreadyAliveException;
import org.apache.heron.api.exception.InvalidTopologyException;
import org.apache.heron.api.hooks.BaseTaskHook;
import org.apache.heron.api.hooks.info.BoltExecuteInfo;
import org.apache.heron.api.hooks.info.EmitInfo;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.examples.api.bolt.ExclamationBolt;
import org.apache.heron.examples.api.spout.TestWordSpout;

/**
 * A hook that every task gets by configuration, and that prints what it has seen now and then.
 *
 * <p>Arguments: [topology name] [parallelism, 2]
 */
public final class TaskHookTopology {
  private TaskHookTopology() {}

  public static void main(String[] args) throws AlreadyAliveException, InvalidTopologyException {
    int parallelism = ExampleResources.number(args, 1, 2);

    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("word", new TestWordSpout(Duration.ofMillis(1)), parallelism);
    builder.setBolt("exclaim1", new ExclamationBolt(), parallelism).shuffleGrouping("word");

    Config config = new Config();
    config.setAutoTaskHooks(List.of(CountingHook.class.getName()));
    ExampleResources.apply(config, 1, 2 * parallelism, "word", "exclaim1");
    HeronSubmitter.submitTopology(
        ExampleResources.name(args, "TaskHookTopology"), config, builder.createTopology());
  }

  /** Counts emits and executes, and prints the counts at every ten-thousandth. */
  public static final class CountingHook extends BaseTaskHook {
    private static final long EVERY = 10_000;

    private String task = "";
    private long emitted;
    private long executed;

    @Override
    public void prepare(Map<String, Object> config, TopologyContext context) {
      task = context.getThisComponentId() + "-" + context.getThisTaskId();
    }

    @Override
    public void emit(EmitInfo info) {
      if (++emitted % EVERY == 0) {
        System.out.println(task + " emitted " + emitted);
      }
    }

    @Override
    public void boltExecute(BoltExecuteInfo info) {
      if (++executed % EVERY == 0) {
        System.out.println(task + " executed " + executed);
      }
    }
  }
}
