package org.apache.heron.executor.instance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.executor.grouping.Subscription;
import org.apache.heron.executor.plan.PlanView;
import org.apache.heron.executor.tuple.StreamInfo;
import org.apache.heron.proto.system.PhysicalPlans.Instance;

/** Where an instance's tuples go under one plan. Not thread-safe. */
final class Routes {

  /**
   * Where the tuples of one stream go.
   *
   * @param ways of each subscription
   */
  record StreamRoute(StreamInfo stream, List<Way> ways) {}

  /**
   * One subscription's buffers, in the order of its tasks.
   *
   * @param alone for each task, the list that holds only it
   */
  record Way(Subscription subscription, List<OutBuffer> buffers, List<List<Integer>> alone) {}

  private final Map<String, StreamRoute> byStream = new HashMap<>();
  private final Map<Integer, OutBuffer> buffers = new HashMap<>();
  private final List<OutBuffer> all = new ArrayList<>();

  private Routes() {}

  static Routes of(PlanView plan, InstanceContext context, InstanceEnvironment environment) {
    Routes routes = new Routes();
    for (StreamInfo stream :
        environment.streams().outputsOf(context.getThisComponentId()).values()) {
      List<Way> ways = new ArrayList<>();
      for (Subscription subscription :
          Subscription.to(stream, plan.topology(), context, environment.objects())) {
        boolean onCycle = plan.onCycle(stream.component(), subscription.component());
        List<OutBuffer> own = new ArrayList<>();
        List<List<Integer>> alone = new ArrayList<>();
        for (int task : subscription.tasks()) {
          own.add(
              routes.buffer(
                  plan.instances().get(task), onCycle, context.getThisTaskId(), environment));
          alone.add(List.of(task));
        }
        ways.add(new Way(subscription, own, alone));
      }
      routes.byStream.put(stream.stream(), new StreamRoute(stream, ways));
    }
    return routes;
  }

  private OutBuffer buffer(
      Instance target, boolean onCycle, int from, InstanceEnvironment environment) {
    return buffers.computeIfAbsent(
        target.getInfo().getTaskId(),
        missing -> {
          OutBuffer made =
              OutBuffer.to(
                  environment.outlets().outlet(target),
                  onCycle,
                  from,
                  environment.settings().maxPacketBytes());
          all.add(made);
          return made;
        });
  }

  /** The route of a stream, or null if the component has no such stream. */
  StreamRoute get(String stream) {
    return byStream.get(stream);
  }

  /** All buffers. */
  List<OutBuffer> buffers() {
    return all;
  }
}
