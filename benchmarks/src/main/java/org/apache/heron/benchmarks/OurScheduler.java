package org.apache.heron.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Launch;
import org.apache.heron.framework.placement.Offered;
import org.apache.heron.framework.placement.Placed;
import org.apache.heron.framework.placement.Placement;
import org.apache.heron.framework.placement.Placer;
import org.apache.heron.framework.placement.Policy;
import org.apache.heron.framework.placement.Round;
import org.apache.heron.framework.placement.Rules;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.placement.Wish;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;

/** The Placer, with hosts that offer anew what is left after each round. */
final class OurScheduler implements PlacementAgainstFenzo.Scheduler {
  private static final String ROLE = "*";

  private final Map<AgentId, Offered> offers = new LinkedHashMap<>();
  private final Map<AgentId, Integer> freeCpus = new LinkedHashMap<>();
  private final Map<AgentId, List<Integer>> freePorts = new LinkedHashMap<>();
  private List<Offer> news = new ArrayList<>();
  private int offerNumber;

  OurScheduler(int hosts) {
    for (int i = 0; i < hosts; i++) {
      AgentId agent = new AgentId("agent-" + i);
      freeCpus.put(agent, PlacementAgainstFenzo.CPUS);
      freePorts.put(agent, new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)));
      news.add(offer(agent));
    }
  }

  @Override
  public int place(List<PlacementAgainstFenzo.Wanted> tasks, PlacementAgainstFenzo.Clock clock) {
    List<Wish> wishes =
        tasks.stream()
            .map(
                task ->
                    new Wish(
                        new ContainerId(task.number()),
                        new Size(task.cpus() * 1000L, task.cpus() * 1_000_000L, 0, 1)))
            .toList();
    clock.start();
    for (Offer offer : news) {
      Offered offered = Offered.of(offer);
      offers.put(offered.agent(), offered);
    }
    Collection<Offered> all = offers.values();
    Placement placement = Placer.place(Round.of(all, wishes, Rules.PLAIN.withPolicy(Policy.PACK)));
    int reasons =
        placement.refusals().values().stream().mapToInt(each -> each.text().length()).sum();
    clock.stop();
    if (reasons == 0 && !placement.refusals().isEmpty()) {
      throw new IllegalStateException("a refusal without reason");
    }
    return carryOut(placement);
  }

  private int carryOut(Placement placement) {
    news = new ArrayList<>();
    int cpus = 0;
    for (Launch launch : placement.launches()) {
      offers.remove(launch.agent());
      for (Placed placed : launch.containers()) {
        int taken = (int) placed.size().cpus();
        cpus += taken;
        freeCpus.merge(launch.agent(), -taken, Integer::sum);
        freePorts.get(launch.agent()).removeAll(placed.ports());
      }
      if (freeCpus.get(launch.agent()) > 0) {
        news.add(offer(launch.agent()));
      }
    }
    return cpus;
  }

  private Offer offer(AgentId agent) {
    Value.Ranges.Builder ports = Value.Ranges.newBuilder();
    freePorts
        .get(agent)
        .forEach(port -> ports.addRange(Value.Range.newBuilder().setBegin(port).setEnd(port)));
    return Offer.newBuilder()
        .setId(OfferID.newBuilder().setValue("offer-" + ++offerNumber))
        .setFrameworkId(FrameworkID.newBuilder().setValue("framework"))
        .setAgentId(AgentID.newBuilder().setValue(agent.value()))
        .setHostname(agent.value() + ".example")
        .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(ROLE))
        .addResources(scalar("cpus", freeCpus.get(agent)))
        .addResources(scalar("mem", freeCpus.get(agent) * 1000))
        .addResources(resource("ports").setType(Value.Type.RANGES).setRanges(ports))
        .build();
  }

  private static Resource.Builder scalar(String name, double value) {
    return resource(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value));
  }

  private static Resource.Builder resource(String name) {
    return Resource.newBuilder()
        .setName(name)
        .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(ROLE));
  }
}
