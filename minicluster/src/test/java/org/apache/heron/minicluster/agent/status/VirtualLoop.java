package org.apache.heron.minicluster.agent.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.heron.minicluster.agent.loop.Loop;

/** A loop on the test's own thread, whose time the test moves. */
final class VirtualLoop implements Loop {
  private record Due(Instant at, Runnable action) {}

  private final List<Due> timers = new ArrayList<>();
  private Instant now = Instant.EPOCH;

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public void execute(Runnable action) {
    action.run();
  }

  @Override
  public Timer after(Duration delay, Runnable action) {
    Due due = new Due(now.plus(delay), action);
    timers.add(due);
    return () -> timers.removeIf(each -> each.action() == action);
  }

  void advance(Duration time) {
    Instant end = now.plus(time);
    while (true) {
      Optional<Due> next =
          timers.stream().filter(due -> !due.at().isAfter(end)).min(Comparator.comparing(Due::at));
      if (next.isEmpty()) {
        now = end;
        return;
      }
      timers.remove(next.get());
      now = next.get().at();
      next.get().action().run();
    }
  }
}
