package org.apache.heron.scheduler.local.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** One seed is one history of crashes, commands and deaths of the scheduler. */
class FleetPropertiesTest {
  private static final int STEPS = 120;
  private static final int MOST_CONTAINERS = 5;

  @Property(tries = 300)
  void whateverHappensAllThatIsWantedRunsInTheEndAndNothingElse(@ForAll long seed) {
    Random random = new Random(seed);
    Story story = new Story();
    Set<Integer> wanted = new TreeSet<>(List.of(0, 1, 2));
    story.begin(wanted.toArray(Integer[]::new));
    for (int step = 0; step < STEPS; step++) {
      happen(story, random, wanted);
      everyProcessIsOnRecord(story);
    }
    story.startsFail(false);
    settle(story);
    assertThat(story.processes().keySet()).isEqualTo(wanted);
    assertThat(story.fleet().containers().values())
        .allSatisfy(container -> assertThat(container.life()).isEqualTo(Life.RUNNING));
    story.kill();
    if (random.nextBoolean()) {
      story.resume(Story.plan(wanted));
    }
    settle(story);
    assertThat(story.processes()).isEmpty();
    assertThat(story.records()).isEmpty();
    assertThat(story.fleet().phase()).isEqualTo(Fleet.Phase.KILLED);
  }

  private static void happen(Story story, Random random, Set<Integer> wanted) {
    List<Integer> living = new ArrayList<>(story.processes().keySet());
    int one = living.isEmpty() ? 0 : living.get(random.nextInt(living.size()));
    boolean any = !living.isEmpty() && story.fleet().containers().containsKey(one);
    switch (random.nextInt(11)) {
      case 0, 1 -> story.passes(Duration.ofMillis(random.nextInt(20_000)));
      case 2, 3 -> {
        if (any) {
          story.answers(one);
        }
      }
      case 4 -> {
        if (any) {
          story.ends(one, "crashed", random.nextInt(4) == 0);
        }
      }
      case 5 -> story.restart(Optional.empty(), random.nextInt(3));
      case 6 -> story.restart(Optional.of(random.nextInt(MOST_CONTAINERS)), 0);
      case 7 -> {
        wanted.clear();
        wanted.add(0);
        for (int id = 1; id < MOST_CONTAINERS; id++) {
          if (random.nextBoolean()) {
            wanted.add(id);
          }
        }
        story.scale(wanted.toArray(Integer[]::new));
      }
      case 8 -> {
        if (any && random.nextBoolean()) {
          story.processes().remove(one); // it dies together with the scheduler
        }
        story.resume(Story.plan(wanted));
      }
      case 9 -> {
        if (any) {
          story.unwell(one, "no answer");
        }
      }
      default -> story.startsFail(random.nextInt(4) == 0);
    }
  }

  /** Processes that were asked to end do, others answer, and no more faults happen. */
  private static void settle(Story story) {
    for (int round = 0; round < 60; round++) {
      for (int id : List.copyOf(story.processes().keySet())) {
        switch (story.life(id)) {
          case KILLING -> story.ends(id, "ended");
          case STARTING -> story.answers(id);
          case WAITING, BACKING_OFF, RUNNING -> {}
        }
      }
      // What Destroy has ended, and what died with the scheduler, is noticed.
      for (Container container : List.copyOf(story.fleet().containers().values())) {
        if (container.mark().isPresent() && !story.processes().containsKey(container.id())) {
          story.ends(container.id(), "gone");
        }
      }
      story.passes(Duration.ofSeconds(20));
    }
  }

  private static void everyProcessIsOnRecord(Story story) {
    story
        .processes()
        .forEach(
            (id, mark) ->
                assertThat(story.records().get(id).mark())
                    .as("the record of container %s", id)
                    .contains(mark));
  }
}
