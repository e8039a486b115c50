package org.apache.heron.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.heron.client.doctor.Evidence.Sign;
import org.apache.heron.spi.diagnosis.Life;
import org.junit.jupiter.api.Test;

/** When a topology is dead, and when that must not be said. */
class EvidenceTest {
  /**
   * Every combination, of a topology of this cluster that was submitted long ago. A cell names what
   * it stands for; {@code *} is anything.
   */
  private static final String TABLE =
      """
      kind     scheduler        manager                    life          verdict
      service  ANSWERS          *                          *             Alive
      service  !ANSWERS         ANSWERS                    *             Orphaned
      service  !ANSWERS         !ANSWERS                   RUNNING       Orphaned
      service  !ANSWERS         !ANSWERS                   UNKNOWN       Unclear
      service  IN_SESSION       !ANSWERS                   GONE          Unclear
      service  NONE,UNREACHED   IN_SESSION                 GONE          Unclear
      service  NONE,UNREACHED   NONE,UNREACHED             GONE          Dead
      library  NONE             *                          RUNNING       Alive
      library  NONE             *                          UNKNOWN       Unclear
      library  NONE             ANSWERS                    GONE          Unclear
      library  NONE             IN_SESSION                 GONE          Unclear
      library  NONE             UNREACHED                  GONE          Unclear
      library  NONE             NONE                       GONE          Dead
      """;

  private static final Optional<Duration> DAY = Optional.of(Duration.ofDays(1));
  private static final Optional<Duration> JUST_NOW = Optional.of(Duration.ofSeconds(20));

  /** What can be known of a topology. */
  private record Case(boolean library, Sign scheduler, Sign manager, Life.State life) {
    static List<Case> all() {
      List<Case> all = new ArrayList<>();
      for (boolean library : new boolean[] {false, true}) {
        // A library has no process.
        List<Sign> schedulers = library ? List.of(Sign.NONE) : List.of(Sign.values());
        for (Sign scheduler : schedulers) {
          for (Sign manager : Sign.values()) {
            for (Life.State life : Life.State.values()) {
              all.add(new Case(library, scheduler, manager, life));
            }
          }
        }
      }
      return all;
    }

    boolean is(String[] row) {
      return row[0].equals(library ? "library" : "service")
          && is(row[1], scheduler)
          && is(row[2], manager)
          && is(row[3], life);
    }

    private static boolean is(String cell, Enum<?> value) {
      return cell.equals("*")
          || (cell.startsWith("!")
              ? !cell.substring(1).equals(value.name())
              : List.of(cell.split(",")).contains(value.name()));
    }

    Evidence.Verdict judge(boolean here, Optional<Duration> age) {
      return new Evidence(
              List.of("topologies"),
              Optional.of(here ? "mesos/ada/devel" : "other/ada/devel"),
              here,
              age,
              scheduler,
              manager,
              library,
              new Life(life, "the reason"))
          .judge();
    }
  }

  @Test
  void eachCombinationHasItsVerdict() {
    List<String[]> rows = TABLE.lines().skip(1).map(line -> line.split(" +")).toList();
    for (Case each : Case.all()) {
      List<String[]> matching = rows.stream().filter(each::is).toList();
      assertThat(matching).as("rows of %s", each).hasSize(1);
      for (Optional<Duration> age : Arrays.asList(DAY, Optional.<Duration>empty())) {
        assertThat(each.judge(true, age).getClass().getSimpleName())
            .as("%s", each)
            .isEqualTo(matching.get(0)[4]);
      }
    }
  }

  @Test
  void whatIsBeingSubmittedIsNeverDeadAndElseJudgedAlike() {
    for (Case each : Case.all()) {
      Evidence.Verdict old = each.judge(true, DAY);
      assertThat(each.judge(true, JUST_NOW))
          .as("%s", each)
          .isEqualTo(
              old instanceof Evidence.Dead
                  ? new Evidence.Unclear("it was submitted less than five minutes ago")
                  : old);
    }
  }

  @Test
  void anotherClustersTopologyIsLeftAlone() {
    assertThat(Case.all())
        .allSatisfy(
            each ->
                assertThat(each.judge(false, DAY))
                    .isEqualTo(new Evidence.Unclear("it belongs to other/ada/devel")));
  }

  @Test
  void whatTheBackEndSaysIsTold() {
    assertThat(new Case(false, Sign.NONE, Sign.NONE, Life.State.GONE).judge(true, DAY))
        .isEqualTo(new Evidence.Dead("the reason"));
    assertThat(new Case(false, Sign.NONE, Sign.NONE, Life.State.UNKNOWN).judge(true, DAY))
        .isEqualTo(new Evidence.Unclear("the reason"));
    assertThat(new Case(false, Sign.NONE, Sign.NONE, Life.State.RUNNING).judge(true, DAY))
        .isEqualTo(new Evidence.Orphaned("the reason"));
    assertThat(new Case(true, Sign.NONE, Sign.ANSWERS, Life.State.GONE).judge(true, DAY))
        .isEqualTo(new Evidence.Unclear("its topology manager answers, but the reason"));
  }
}
