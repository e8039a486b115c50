package org.apache.heron.client.runtime;

import java.util.Optional;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.TopologyHistory;

/**
 * A submitted topology whose commands are carried out by this process.
 *
 * @param session closed with it
 */
public record DirectTopology(RuntimeSession session) implements SubmittedTopology {
  @Override
  public void activate() {
    new TopologyActivation(session).activate();
  }

  @Override
  public void deactivate() {
    new TopologyActivation(session).deactivate();
  }

  @Override
  public void kill() throws InterruptedException {
    new TopologyKill(session).run();
  }

  @Override
  public void restart(int container, int parallel) throws InterruptedException {
    new TopologyRestart(session).run(container, parallel);
  }

  @Override
  public Optional<String> update(UpdateRequest request) throws InterruptedException {
    return new TopologyUpdate(session).run(request);
  }

  @Override
  public String resumeScheduler() {
    return new SchedulerResume(session).run();
  }

  @Override
  public String standBy() {
    return new SchedulerStandby(session).run();
  }

  @Override
  public Explanation explain(Optional<Integer> container) {
    return new TopologyQuestions(session).explain(container);
  }

  @Override
  public TopologyHistory history(Optional<Integer> container) {
    return new TopologyQuestions(session).history(container);
  }

  @Override
  public void close() {
    session.close();
  }
}
