package org.apache.heron.service.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line, in upstream's forms, and wrong. */
class SchedulerArgumentsTest {

  @Test
  void allFormsOfFlagsAreRead() {
    SchedulerArguments arguments =
        SchedulerArguments.parse(
            "-c",
            "mesos",
            "--role=ada",
            "-e",
            "default",
            "--topology_name",
            "words",
            "-f",
            "words.jar",
            "-p",
            "0",
            "-Pa=b=c",
            "--property_override",
            "d=",
            "-v");
    assertThat(arguments.cluster()).isEqualTo("mesos");
    assertThat(arguments.role()).isEqualTo("ada");
    assertThat(arguments.topology()).isEqualTo("words");
    assertThat(arguments.properties()).containsEntry("a", "b=c").containsEntry("d", "");
    assertThat(arguments.verbose()).isTrue();
    assertThat(SchedulerArguments.parse("-h").help()).isTrue();
  }

  @Test
  void anEnvironmentMayBeEmptyButMustBeGiven() {
    SchedulerArguments arguments =
        SchedulerArguments.parse(
            "-c", "c", "-r", "r", "--environment=", "-n", "n", "-f", "f", "-p", "0");
    assertThat(arguments.environment()).isEmpty();
    assertThat(
            SchedulerArguments.parse(
                "-c", "c", "-r", "r", "-e", "", "-n", "n", "-f", "f", "-p", "0"))
        .isEqualTo(arguments);
    assertThatThrownBy(
            () -> SchedulerArguments.parse("-c", "c", "-r", "r", "-n", "n", "-f", "f", "-p", "0"))
        .hasMessage("missing argument --environment");
  }

  @ParameterizedTest
  @CsvSource({
    "-x, unknown argument",
    "-c, needs a value",
    "-Pnothing, not key=value",
    "-P=x, not key=value",
    "--role=a, missing argument --cluster"
  })
  void whatIsWrongIsNamed(String argument, String complaint) {
    assertThatThrownBy(() -> SchedulerArguments.parse(argument))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(complaint);
  }

  @ParameterizedTest
  @CsvSource({"-1", "65536", "http", "80x"})
  void aPortIsANumberFromZero(String port) {
    assertThatThrownBy(
            () ->
                SchedulerArguments.parse(
                    "-c", "c", "-r", "r", "-e", "e", "-n", "n", "-f", "f", "-p", port))
        .hasMessageContaining("'" + port + "'");
  }
}
