package org.apache.heron.framework.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation bites: each scheduler that breaks a promise on purpose is caught. */
class MutantsTest {
  private static final int MOST_HISTORIES = 2_000;

  @ParameterizedTest
  @EnumSource
  void aSchedulerThatBreaksAPromiseIsCaught(Mutant mutant) {
    long seed = 0;
    Optional<Violation> caught = Optional.empty();
    while (caught.isEmpty() && seed < MOST_HISTORIES) {
      seed++;
      caught = Simulation.run(History.of(seed), mutant).violation();
    }
    System.out.println(mutant + " is caught by history " + seed + ": " + caught.orElse(null));
    assertThat(caught).as("%s in %d histories", mutant, MOST_HISTORIES).isPresent();
    assertThat(caught.get().promise()).isEqualTo(mutant.promise());
  }
}
