package org.apache.heron.scheduler.aurora;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class InstanceChangeTest {
  @Test
  void whatIsMissingIsAddedAndWhatIsTooMuchIsEnded() {
    assertThat(InstanceChange.between(List.of(1, 2, 3, 4), Set.of(0, 1, 2)).missing())
        .containsExactly(3, 4);
    assertThat(InstanceChange.between(List.of(1), Set.of(0, 1, 2, 3)).surplus())
        .containsExactly(2, 3);
  }

  @Test
  void whatAnAttemptThatWasCutOffHasAddedTakesThePlacesOfTheMissing() {
    InstanceChange change = InstanceChange.between(List.of(1, 2, 7, 8, 9), Set.of(0, 1, 2, 3, 4));
    assertThat(change.adopted()).containsEntry(7, 3).containsEntry(8, 4).hasSize(2);
    assertThat(change.missing()).containsExactly(9);
    assertThat(change.surplus()).isEmpty();
    assertThat(change.renumbered(Set.of(5)))
        .containsEntry(7, 3)
        .containsEntry(8, 4)
        .containsEntry(9, 5);
  }

  @Test
  void aNumberThatWasWantedStaysItsContainers() {
    InstanceChange change = InstanceChange.between(List.of(1, 5, 6), Set.of(0, 1, 2, 3, 4));
    assertThat(change.missing()).isEmpty();
    change = InstanceChange.between(List.of(1, 2, 5, 6), Set.of(0, 1, 2));
    assertThat(change.renumbered(Set.of(5, 6))).isEmpty();
    assertThat(change.renumbered(Set.of(3, 5))).containsOnlyKeys(6).containsEntry(6, 3);
  }

  @Property(tries = 300)
  void everyWantedContainerGetsExactlyOneInstance(
      @ForAll @Size(max = 12) Set<@IntRange(min = 1, max = 20) Integer> wanted,
      @ForAll @Size(max = 12) Set<@IntRange(min = 1, max = 20) Integer> others,
      @ForAll @IntRange(min = 0, max = 3) int gap) {
    TreeSet<Integer> active = new TreeSet<>(others);
    active.add(0);
    InstanceChange change = InstanceChange.between(wanted, active);
    int first = active.last() + 1 + gap;
    List<Integer> added = IntStream.range(first, first + change.missing().size()).boxed().toList();
    var renumbered = change.renumbered(added);

    Set<Integer> places = new HashSet<>();
    for (int container : wanted) {
      places.add(renumbered.getOrDefault(container, container));
    }
    Set<Integer> left = new HashSet<>(active);
    left.addAll(added);
    left.removeAll(change.surplus());
    left.remove(0);
    assertThat(places).hasSameSizeAs(wanted).isEqualTo(left);
  }
}
