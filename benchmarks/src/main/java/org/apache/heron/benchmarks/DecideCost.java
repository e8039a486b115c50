package org.apache.heron.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Containers;
import org.apache.heron.framework.core.Core;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.Phase;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.TaskDescriber;
import org.apache.heron.framework.core.Timer;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.Constraint;
import org.apache.heron.framework.placement.Placed;
import org.apache.heron.framework.placement.Rules;
import org.apache.heron.framework.placement.Size;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.Value;

/**
 * What a round costs in the framework's one thread: {@code decide} for the offers' arrival, and for
 * the round that uses them; when all fit, when none does, and by constraints.
 *
 * <p>Arguments: [offers, 100] [waiting containers, 100] [rounds, 3000].
 */
public final class DecideCost {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Size SIZE = new Size(1000, 512_000, 512_000, 9);

  private DecideCost() {}

  public static void main(String[] args) {
    int offers = args.length > 0 ? Integer.parseInt(args[0]) : 100;
    int containers = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3000;
    System.out.printf(
        "load %.2f; %d offers, %d waiting containers, %d rounds after as many%n",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        offers,
        containers,
        rounds);
    System.out.printf("%-34s %14s %14s %14s%n", "", "offers ms", "round ms", "round p99 ms");
    Rules spread = Rules.PLAIN;
    Rules grouped =
        spread.withConstraints(
            new Constraint("rack", Constraint.Operator.GROUP_BY, ""),
            new Constraint("hostname", Constraint.Operator.MAX_PER, "4"),
            new Constraint("rack", Constraint.Operator.UNLIKE, "r9"));
    measure("all fit", spread, offers(offers, 4), containers, rounds);
    measure("all fit, three constraints", grouped, offers(offers, 4), containers, rounds);
    Rules rack = spread.withConstraints(new Constraint("rack", Constraint.Operator.CLUSTER, ""));
    Rules host =
        spread.withConstraints(new Constraint("hostname", Constraint.Operator.CLUSTER, ""));
    measure("all together in one of 8 racks", rack, offers(offers, 16), containers, rounds);
    measure("some together on one host", host, offers(offers, 16), containers, rounds);
    measure("none fits, each is told why", spread, offers(offers, 0.5), containers, rounds);
  }

  private static void measure(
      String name, Rules rules, List<Offer> offers, int containers, int rounds) {
    Core core = new Core(blueprint(rules));
    State subscribed = subscribed(core, containers);
    long[] arrival = new long[rounds];
    long[] round = new long[rounds];
    for (int i = -rounds; i < rounds; i++) {
      long begin = System.nanoTime();
      Decision held = core.decide(subscribed, new Event.Offers(offers), NOW);
      long between = System.nanoTime();
      Decision used = core.decide(held.state(), new Event.TimerFired(new Timer.Gathered()), NOW);
      long end = System.nanoTime();
      if (used.effects().isEmpty()) {
        throw new IllegalStateException("nothing was decided");
      }
      if (i >= 0) {
        arrival[i] = between - begin;
        round[i] = end - between;
      }
    }
    Arrays.sort(arrival);
    Arrays.sort(round);
    System.out.printf(
        "%-34s %14.3f %14.3f %14.3f%n",
        name, arrival[rounds / 2] / 1e6, round[rounds / 2] / 1e6, round[rounds * 99 / 100] / 1e6);
  }

  private static State subscribed(Core core, int containers) {
    List<Container> waiting = new ArrayList<>();
    for (int i = 0; i < containers; i++) {
      waiting.add(Container.fresh(new ContainerId(i), SIZE, NOW));
    }
    State state =
        State.restored(
            Phase.SERVING,
            Optional.of("framework"),
            Optional.empty(),
            Containers.of(waiting),
            History.NONE);
    for (Event event :
        List.of(new Event.Connected(), new Event.Subscribed("framework", "127.0.0.1:5050"))) {
      state = core.decide(state, event, NOW).state();
    }
    return state;
  }

  private static Blueprint blueprint(Rules rules) {
    return new Blueprint(
        "words",
        "words-id",
        FrameworkInfo.newBuilder().setUser("someone").setName("words").addRoles("*").build(),
        Timing.DEFAULT.withBackOff(
            Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofMinutes(10)),
        new Described(),
        rules);
  }

  /** As much as Mesos must know. */
  private static final class Described implements TaskDescriber {
    @Override
    public TaskInfo describe(TaskId id, Placed placed, AgentId agent) {
      return TaskInfo.newBuilder()
          .setName("container_" + placed.container())
          .setTaskId(TaskID.newBuilder().setValue(id.value()))
          .setAgentId(AgentID.newBuilder().setValue(agent.value()))
          .addAllResources(placed.resources())
          .setCommand(CommandInfo.newBuilder().setValue("./heron-core/bin/heron-executor"))
          .build();
    }
  }

  private static List<Offer> offers(int count, double cpus) {
    List<Offer> offers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Offer.Builder offer =
          Offer.newBuilder()
              .setId(OfferID.newBuilder().setValue("offer-" + i))
              .setFrameworkId(FrameworkID.newBuilder().setValue("framework"))
              .setAgentId(AgentID.newBuilder().setValue("agent-" + i))
              .setHostname("agent-" + i + ".example")
              .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("*"))
              .addAttributes(
                  Attribute.newBuilder()
                      .setName("rack")
                      .setType(Value.Type.TEXT)
                      .setText(Value.Text.newBuilder().setValue("r" + i % 8)));
      Map.of("cpus", cpus, "mem", 4096.0, "disk", 99_999.0)
          .forEach(
              (name, value) ->
                  offer.addResources(
                      Resource.newBuilder()
                          .setName(name)
                          .setType(Value.Type.SCALAR)
                          .setScalar(Value.Scalar.newBuilder().setValue(value))
                          .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("*"))));
      offers.add(
          offer
              .addResources(
                  Resource.newBuilder()
                      .setName("ports")
                      .setType(Value.Type.RANGES)
                      .setRanges(
                          Value.Ranges.newBuilder()
                              .addRange(Value.Range.newBuilder().setBegin(31_000).setEnd(32_000)))
                      .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("*")))
              .build());
    }
    return offers;
  }
}
