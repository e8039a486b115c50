package org.apache.heron.service.inprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;
import org.junit.jupiter.api.Test;

/** What launchers of library schedulers do. */
class LibraryLaunchTest {
  private final List<String> calls = new ArrayList<>();
  private Optional<String> scheduleFails = Optional.empty();
  private boolean stateFails;
  private Outcome kill = Outcome.done("");

  @Test
  void theSchedulerIsGivenThePackageAndItsPagesArePublished() {
    launch();
    assertThat(calls)
        .containsExactly("initialize s3://bucket/words", "schedule", "links", "put", "close");
  }

  @Test
  void whatCannotBePublishedIsTakenBack() {
    stateFails = true;
    assertThatThrownBy(this::launch).isInstanceOf(StateException.class).hasMessage("disk full");
    assertThat(calls).containsSubsequence("schedule", "put", "kill", "close");
  }

  @Test
  void whatCannotBeTakenBackIsSaid() {
    stateFails = true;
    kill = Outcome.refused("container 1 does not end");
    assertThatThrownBy(this::launch)
        .isInstanceOf(SchedulerException.class)
        .hasMessage(
            "disk full; and the containers that were launched are left: container 1 does not end");
    assertThat(calls).endsWith("close");
  }

  @Test
  void aSchedulerThatFailsHasTakenBackWhatItBegan() {
    scheduleFails = Optional.of("no server answers");
    assertThatThrownBy(this::launch)
        .isInstanceOf(SchedulerException.class)
        .hasMessage("no server answers");
    assertThat(calls).doesNotContain("put", "kill").endsWith("close");
  }

  private void launch() {
    LaunchContext context =
        new LaunchContext(
            Config.of(Map.of()),
            Config.of(Map.of()),
            Topology.newBuilder().setName("words").buildPartial(),
            URI.create("s3://bucket/words"),
            state());
    LibraryLaunch.run(context, new PackingPlan("words-id", List.of()), scheduler());
  }

  private IStateManager state() {
    return proxy(
        IStateManager.class,
        (name, arguments) -> {
          calls.add(name);
          if (stateFails) {
            throw new StateException("disk full");
          }
          return null;
        });
  }

  private IScheduler scheduler() {
    return proxy(
        IScheduler.class,
        (name, arguments) ->
            switch (name) {
              case "initialize" -> {
                var context = (SchedulerContext) arguments[0];
                calls.add("initialize " + context.properties().get(SchedulerContext.PACKAGE_URI));
                yield null;
              }
              case "onSchedule" -> {
                calls.add("schedule");
                if (scheduleFails.isPresent()) {
                  throw new SchedulerException(scheduleFails.get());
                }
                yield null;
              }
              case "jobLinks" -> {
                calls.add("links");
                yield List.of("http://cluster/words");
              }
              case "onKill" -> {
                calls.add("kill");
                yield kill;
              }
              default -> {
                calls.add(name);
                yield null;
              }
            });
  }

  private interface Answer {
    Object to(String name, Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answer.to(method.getName(), arguments)));
  }
}
