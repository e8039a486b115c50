package org.apache.heron.service.update;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.junit.jupiter.api.Test;

/** What is told of containers that are being added. */
class ScalingProgressTest {
  private final List<String> told = new ArrayList<>();

  private final CompletableFuture<Outcome> scaled = new CompletableFuture<>();

  /** Knows nothing of the new container when it is first asked, and is done after that. */
  private Object answer(Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "onScale" -> scaled;
      case "status" -> {
        scaled.complete(Outcome.done("added [3], removed none"));
        yield new SchedulerStatus(
            World.TOPOLOGY, World.ID, SchedulerStatus.Phase.RUNNING, "", "", "", List.of());
      }
      default -> throw new AssertionError(method);
    };
  }

  @Test
  void aContainerThatTheSchedulerDoesNotSpeakOfYetIsNotSaidToRun() throws Exception {
    IScheduler scheduler =
        (IScheduler)
            Proxy.newProxyInstance(
                IScheduler.class.getClassLoader(), new Class<?>[] {IScheduler.class}, this::answer);
    new Scaling(scheduler, new Waiting(Optional::empty), told::add)
        .grow(Words.plan(3, 2, 4), Set.of(3), Duration.ofMinutes(1), "limit");
    assertThat(told)
        .containsExactly("starting container 3", "starting container 3: 0 of 1 new containers run");
  }
}
