package org.apache.heron.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.heron.api.Config;
import org.apache.heron.api.bolt.BaseRichBolt;
import org.apache.heron.api.bolt.OutputCollector;
import org.apache.heron.api.spout.BaseRichSpout;
import org.apache.heron.api.spout.SpoutOutputCollector;
import org.apache.heron.api.topology.OutputFieldsDeclarer;
import org.apache.heron.api.topology.TopologyBuilder;
import org.apache.heron.api.topology.TopologyContext;
import org.apache.heron.api.tuple.Fields;
import org.apache.heron.api.tuple.Tuple;
import org.apache.heron.api.tuple.Values;
import org.apache.heron.executor.plane.DataPlane;
import org.apache.heron.executor.plane.DataPlaneConfig;
import org.apache.heron.executor.plane.DataPlaneListener;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.stmgr.StreamManager;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.system.PhysicalPlans.Instance;
import org.apache.heron.proto.system.PhysicalPlans.InstanceInfo;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;

/** One container of {@link WordCountThroughput}: answers questions on its standard input. */
final class WordCountContainer {

  private static final LatencyHistogram LATENCIES = new LatencyHistogram();

  private WordCountContainer() {}

  /** Emits words of a fixed list, at a given rate or as fast as it can. */
  static final class Words extends BaseRichSpout {

    private static final long serialVersionUID = 1L;
    private static final int WORDS = 1024;

    private final boolean tracked;
    private final int rate;
    private final String[] words = new String[WORDS];
    private SpoutOutputCollector collector;
    private int next;
    private long emitted;
    private long startNanos;

    Words(boolean tracked, int rate) {
      this.tracked = tracked;
      this.rate = rate;
      for (int i = 0; i < WORDS; i++) {
        words[i] = "word" + Integer.toString(i * 7919, 36);
      }
    }

    @Override
    public void open(
        Map<String, Object> config, TopologyContext context, SpoutOutputCollector out) {
      collector = out;
    }

    @Override
    public void nextTuple() {
      long now = System.nanoTime();
      if (rate > 0) {
        if (startNanos == 0) {
          startNanos = now;
        }
        if (emitted > (now - startNanos) * (rate / 1e9)) {
          return;
        }
      }
      next = (next + 1) % WORDS;
      emitted++;
      if (tracked) {
        collector.emit(new Values(words[next]), now);
      } else {
        collector.emit(new Values(words[next]));
      }
    }

    @Override
    public void ack(Object messageId) {
      long latency = System.nanoTime() - (Long) messageId;
      synchronized (LATENCIES) {
        LATENCIES.add(latency);
      }
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {
      declarer.declare(new Fields("word"));
    }
  }

  /** Counts words. */
  static final class Counter extends BaseRichBolt {

    private static final long serialVersionUID = 1L;
    private final Map<String, Integer> counts = new HashMap<>();
    private OutputCollector collector;

    @Override
    public void prepare(Map<String, Object> config, TopologyContext context, OutputCollector out) {
      collector = out;
    }

    @Override
    public void execute(Tuple tuple) {
      counts.merge(tuple.getString(0), 1, Integer::sum);
      collector.ack(tuple);
    }

    @Override
    public void declareOutputFields(OutputFieldsDeclarer declarer) {}
  }

  /**
   * Runs a container until it is told to quit.
   *
   * @param arguments container, containers, spouts, bolts, acking, max pending, rate
   */
  public static void main(String[] arguments) throws IOException {
    // answers have standard output to themselves: a logger writes there too
    PrintStream answers = System.out;
    System.setOut(System.err);
    int id = Integer.parseInt(arguments[0]);
    int containers = Integer.parseInt(arguments[1]);
    int spouts = Integer.parseInt(arguments[2]);
    int bolts = Integer.parseInt(arguments[3]);
    boolean acking = Boolean.parseBoolean(arguments[4]);
    Topology topology =
        topology(
            spouts, bolts, acking, Integer.parseInt(arguments[5]), Integer.parseInt(arguments[6]));
    DataPlaneListener listener =
        cause -> {
          cause.printStackTrace();
          Runtime.getRuntime().halt(1);
        };
    try (DataPlane plane =
            StreamManager.start(
                new DataPlaneConfig(
                    id,
                    "stmgr-" + id,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    topology,
                    WordCountContainer.class.getClassLoader(),
                    Path.of("."),
                    Map.of(),
                    listener));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("quit")) {
          break;
        }
        answers.println(answer(line, plane, topology, containers, spouts, bolts));
      }
    }
  }

  private static String answer(
      String line, DataPlane plane, Topology topology, int containers, int spouts, int bolts) {
    String[] words = line.split(" ");
    return switch (words[0]) {
      case "port" -> String.valueOf(plane.port());
      case "plan" -> {
        plane.applyPlan(plan(topology, words, containers, spouts, bolts));
        yield "0";
      }
      case "counters" -> counters(plane);
      case "reset" -> {
        synchronized (LATENCIES) {
          LATENCIES.reset();
        }
        yield "0";
      }
      case "latencies" -> {
        synchronized (LATENCIES) {
          yield Arrays.stream(LATENCIES.counts())
              .mapToObj(String::valueOf)
              .collect(Collectors.joining(" "));
        }
      }
      default -> throw new IllegalArgumentException(line);
    };
  }

  private static String counters(DataPlane plane) {
    long executed = 0;
    long acked = 0;
    for (InstanceCounters instance : plane.counters().instances()) {
      executed += instance.executedTotal();
      acked += instance.kind().equals("SPOUT") ? instance.acked() : 0;
    }
    return executed + " " + acked;
  }

  private static Topology topology(int spouts, int bolts, boolean acking, int pending, int rate)
      throws IOException {
    TopologyBuilder builder = new TopologyBuilder();
    builder.setSpout("word", new Words(acking, rate), spouts);
    builder.setBolt("count", new Counter(), bolts).fieldsGrouping("word", new Fields("word"));
    Config config = new Config();
    if (acking) {
      config.setTopologyReliabilityMode(Config.TopologyReliabilityMode.ATLEAST_ONCE);
      config.setMaxSpoutPending(pending);
      config.setMessageTimeoutSecs((int) TimeUnit.MINUTES.toSeconds(2));
    }
    return Topology.parseFrom(
        builder
            .createTopology()
            .setName("throughput")
            .setConfig(config)
            .setState(org.apache.heron.api.generated.TopologyAPI.TopologyState.RUNNING)
            .getTopology()
            .toBuilder()
            .setId("throughput-1")
            .build()
            .toByteArray());
  }

  /** Instances are dealt out in turn, spouts and bolts each from the first container. */
  private static PhysicalPlan plan(
      Topology topology, String[] portWords, int containers, int spouts, int bolts) {
    PhysicalPlan.Builder plan = PhysicalPlan.newBuilder().setTopology(topology);
    for (int id = 1; id <= containers; id++) {
      plan.addStmgrs(
          StMgr.newBuilder()
              .setId("stmgr-" + id)
              .setHostName(InetAddress.getLoopbackAddress().getHostAddress())
              .setDataPort(Integer.parseInt(portWords[id]))
              .setLocalEndpoint(""));
    }
    for (int i = 0; i < spouts + bolts; i++) {
      boolean spout = i < spouts;
      int index = spout ? i : i - spouts;
      int container = index % containers + 1;
      String component = spout ? "word" : "count";
      plan.addInstances(
          Instance.newBuilder()
              .setInstanceId("container_" + container + "_" + component + "_" + (i + 1))
              .setStmgrId("stmgr-" + container)
              .setInfo(
                  InstanceInfo.newBuilder()
                      .setTaskId(i + 1)
                      .setComponentIndex(index)
                      .setComponentName(component)));
    }
    return plan.build();
  }
}
