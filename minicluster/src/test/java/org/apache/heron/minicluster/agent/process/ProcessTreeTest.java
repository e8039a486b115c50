package org.apache.heron.minicluster.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ProcessTreeTest {
  private static final ProcessId EXECUTOR = new ProcessId(10, 100);

  private static ProcessRow row(long pid, long parent, long session, long start) {
    return new ProcessRow(pid, parent, session, start, false);
  }

  private static List<Long> members(Set<ProcessId> known, Set<Long> marked, ProcessRow... rows) {
    return ProcessTree.members(
            List.of(rows), EXECUTOR, 11, known, "mark", (pid, mark) -> marked.contains(pid))
        .stream()
        .map(ProcessRow::pid)
        .toList();
  }

  @Test
  void parentsComeBeforeTheirChildren() {
    assertThat(
            members(
                Set.of(),
                Set.of(),
                row(12, 11, 11, 102),
                row(10, 1, 10, 100),
                row(11, 10, 11, 101),
                row(13, 12, 13, 103),
                row(1, 0, 1, 0),
                row(99, 1, 99, 120)))
        .containsExactly(10L, 11L, 12L, 13L);
  }

  @Test
  void orphansAreFoundBySessionMarkOrMemory() {
    assertThat(
            members(
                Set.of(new ProcessId(22, 105)),
                Set.of(21L),
                row(20, 1, 11, 104),
                row(21, 1, 21, 104),
                row(22, 1, 22, 105),
                row(23, 22, 23, 106),
                row(24, 1, 21, 107),
                row(25, 1, 25, 107)))
        .containsExactlyInAnyOrder(20L, 21L, 22L, 23L, 24L);
  }

  @Test
  void aPidThatWasGivenAgainIsNoneOfOurs() {
    assertThat(
            members(
                Set.of(new ProcessId(22, 105)),
                Set.of(),
                row(10, 1, 10, 500),
                row(30, 10, 10, 501),
                row(22, 1, 22, 600)))
        .isEmpty();
    assertThat(members(Set.of(), Set.of(), row(11, 1, 11, 50))).isEmpty();
  }

  @Test
  void zombiesAreDeadButTheirChildrenLive() {
    assertThat(
            members(
                Set.of(),
                Set.of(),
                new ProcessRow(10, 1, 10, 100, false),
                new ProcessRow(11, 10, 11, 101, true),
                row(12, 11, 12, 102)))
        .containsExactly(10L, 12L);
  }

  @Test
  void anOddProgramNameDoesNotConfuseTheTable() {
    assertThat(
            ProcessRow.parse(
                "42 (a) b) (c) S 7 8 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 6 7 8"))
        .hasValue(new ProcessRow(42, 7, 9, 12345, false));
    assertThat(ProcessRow.parse("")).isEmpty();
    assertThat(ProcessRow.parse("42 (x) S 1")).isEmpty();
    assertThat(ProcessRow.parse("42 (x) S a b c d e f g h i j k l m n o p q r s t")).isEmpty();
  }
}
