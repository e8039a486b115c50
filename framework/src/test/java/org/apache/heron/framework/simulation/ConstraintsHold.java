package org.apache.heron.framework.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Task;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Constraint;

/** 11. No container is launched where the topology's constraints do not allow it. */
final class ConstraintsHold extends Promise {
  ConstraintsHold(World world) {
    super(world);
  }

  @Override
  void decided(SchedulerProcess process, State before, Event event, Decision decision) {
    for (Constraint constraint : world.rules.constraints()) {
      for (ContainerId id : Launches.of(decision)) {
        decision.state().containers().get(id).ifPresent(each -> look(constraint, each, decision));
      }
    }
  }

  private void look(Constraint constraint, Container launched, Decision decision) {
    String here = valueOf(constraint, launched.currentTask());
    Map<String, Integer> counts = new HashMap<>();
    for (Container container : decision.state().containers()) {
      Optional<Task> task = container.task();
      task.ifPresent(each -> counts.merge(valueOf(constraint, each), 1, Integer::sum));
    }
    boolean held =
        switch (constraint.operator()) {
          case MAX_PER -> counts.get(here) <= Integer.parseInt(constraint.value());
          case UNIQUE -> counts.get(here) == 1;
          case IS, LIKE -> here.equals(constraint.value());
          case UNLIKE -> !here.equals(constraint.value());
          case CLUSTER -> counts.size() == 1;
          case GROUP_BY ->
              counts.get(here) == 1 || counts.size() >= Integer.parseInt(constraint.value());
        };
    require(
        held,
        launched.currentTask().id()
            + " is launched on "
            + here
            + ", although "
            + constraint.text()
            + " is wanted: "
            + counts);
  }

  /** What is true of the agent, whatever the scheduler believes. */
  private String valueOf(Constraint constraint, Task task) {
    SimAgent agent =
        world.agents.stream()
            .filter(each -> each.id.equals(task.agent().value()))
            .findFirst()
            .orElseThrow();
    return constraint.field().equals(Manner.RACK) ? agent.rack : agent.host;
  }
}
