package org.apache.heron.scheduler.aurora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuroraCommandsTest {
  private static final JobKey JOB = new JobKey("west", "ada", "devel", "words");
  private final AuroraCommands quiet = new AuroraCommands(JOB, false);
  private final AuroraCommands verbose = new AuroraCommands(JOB, true);

  @Test
  void aJobIsCreatedWithItsBindsInTheirOrder() {
    Map<String, String> binds = new LinkedHashMap<>();
    binds.put("CLUSTER", "west");
    binds.put("TOPOLOGY_ARGUMENTS", "--topology-name=words '--classpath=a b'");

    assertThat(quiet.create(binds, Path.of("/conf/aurora/heron.aurora")))
        .containsExactly(
            "job",
            "create",
            "--wait-until",
            "RUNNING",
            "--bind",
            "CLUSTER=west",
            "--bind",
            "TOPOLOGY_ARGUMENTS=--topology-name=words '--classpath=a b'",
            "west/ada/devel/words",
            "/conf/aurora/heron.aurora");
    assertThat(verbose.create(Map.of(), Path.of("x"))).endsWith("x", "--verbose");
  }

  @Test
  void allIsKilledInOneBatch() {
    assertThat(String.join(" ", quiet.killAll()))
        .isEqualTo("job killall west/ada/devel/words --batch-size 2147483647");
    assertThat(String.join(" ", verbose.killAll()))
        .isEqualTo("job killall west/ada/devel/words --verbose --batch-size 2147483647");
  }

  @Test
  void instancesAreKilledByTheirNumbers() {
    assertThat(String.join(" ", verbose.kill(List.of(5, 3))))
        .isEqualTo("job kill west/ada/devel/words/3,5 --verbose --batch-size 2147483647");
  }

  @Test
  void oneOrAllAreRestarted() {
    assertThat(String.join(" ", quiet.restart(OptionalInt.of(7), 0)))
        .isEqualTo("job restart west/ada/devel/words/7 --batch-size 2147483647");
    assertThat(String.join(" ", verbose.restart(OptionalInt.empty(), 0)))
        .isEqualTo("job restart west/ada/devel/words --verbose --batch-size 2147483647");
    assertThat(String.join(" ", quiet.restart(OptionalInt.empty(), 4)))
        .isEqualTo("job restart west/ada/devel/words --batch-size 4");
  }

  @Test
  void instancesAreAddedLikeTheFirstAndAlwaysVerbosely() {
    assertThat(String.join(" ", quiet.add(3)))
        .isEqualTo("job add --wait-until RUNNING west/ada/devel/words/0 3 --verbose");
  }

  @Test
  void theStatusIsAskedAsJson() {
    assertThat(String.join(" ", verbose.status()))
        .isEqualTo("job status --write-json west/ada/devel/words");
  }

  @ParameterizedTest
  @ValueSource(strings = {"devel", "test", "prod", "staging", "staging1", "staging42"})
  void anEnvironmentThatAuroraTakesIsTaken(String environment) {
    assertThat(new JobKey("west", "ada", environment, "words").environment())
        .isEqualTo(environment);
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "", "Prod", "production", "stagingx", "staging-1", "devel "})
  void anEnvironmentThatAuroraDoesNotTakeIsToldBeforeItIsAsked(String environment) {
    assertThatThrownBy(() -> new JobKey("west", "ada", environment, "words"))
        .isInstanceOf(SchedulerException.class)
        .hasMessage(
            "Aurora does not take the environment '"
                + environment
                + "' of cluster/role/environment: it must be devel, test, prod, or staging with or"
                + " without a number");
  }

  @ParameterizedTest
  @CsvSource({"'', ada, words, cluster", "west, a b, words, role", "west, ada, x;y, topology"})
  void aPartThatIsNoIdentifierIsNamed(String cluster, String role, String name, String part) {
    assertThatThrownBy(() -> new JobKey(cluster, role, "test", name))
        .hasMessageStartingWith("Aurora does not take the " + part + " '");
  }
}
