package org.apache.heron.scheduler.aurora;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.heron.scheduler.aurora.ClientFailure.Kind;
import org.junit.jupiter.api.Test;

/** The real client's words, and what they become for the user. */
class ClientFailureTest {
  @Test
  void aJobThatIsThereAlreadyIsNotOurs() {
    ClientFailure failure =
        ended(
            4,
            """
             INFO] Creating job words
            Job creation failed due to error:
            \tJob ada/devel/words already exists
            """);
    assertThat(failure.kind()).isEqualTo(Kind.EXISTS);
    assertThat(failure.line())
        .isEqualTo(
            "Aurora's client could not do it: Job creation failed due to error: Job ada/devel/words"
                + " already exists (exit code 4, command failed)");
  }

  @Test
  void aRefusalOfTheSchedulerCreatesNothing() {
    ClientFailure failure =
        ended(
            4,
            """
            Job creation failed due to error:
            \tInsufficient resource quota: CPU quota exceeded by 3.50 core(s)
            """);
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure.line()).contains("CPU quota exceeded by 3.50 core(s) (exit code 4");
  }

  @Test
  void anUnknownClusterIsToldWithWhereItIsDescribed() {
    ClientFailure failure = ended(3, "Error executing command: Unknown cluster: west\n");
    assertThat(failure.kind()).isEqualTo(Kind.NOTHING_DONE);
    assertThat(failure.line())
        .isEqualTo(
            "Aurora's client could not do it: it knows no cluster 'west'; describe it in"
                + " /etc/aurora/clusters.json or ~/.aurora/clusters.json, or submit to the name that"
                + " it has there (exit code 3, invalid configuration)");
  }

  @Test
  void aBrokenTemplateIsToldInTheClientsWords() {
    ClientFailure failure =
        ended(
            3,
            "Error executing command: Error loading configuration: invalid syntax (heron.aurora,"
                + " line 12)\n");
    assertThat(failure.kind()).isEqualTo(Kind.NOTHING_DONE);
    assertThat(failure.line())
        .contains(": Error loading configuration: invalid syntax (heron.aurora, line 12) (exit");
  }

  @Test
  void wrongCredentialsAreToldAsSuch() {
    ClientFailure failure =
        ended(
            20,
            """
            ERROR] Unable to authenticate using COOKIE method.
            Fatal error running command:
            Traceback (most recent call last):
              File "cli/__init__.py", line 321, in _execute
            AuthError: 401 Client Error: Unauthorized
            """);
    assertThat(failure.kind()).isEqualTo(Kind.UNCLEAR);
    assertThat(failure.line())
        .isEqualTo(
            "Aurora's client could not do it: Aurora's scheduler does not accept its credentials:"
                + " Unable to authenticate using COOKIE method. (exit code 20, unknown error)");
  }

  @Test
  void aSchedulerOutOfReachIsToldAsSuch() {
    ClientFailure failure =
        ended(
            20,
            """
            WARN] Could not connect to scheduler: No schedulers detected in west!
            Fatal error running command:
            Traceback (most recent call last):
            TimeoutError: Timed out trying to connect to scheduler at west
            """);
    assertThat(failure.line())
        .isEqualTo(
            "Aurora's client could not do it: it cannot reach Aurora's scheduler: TimeoutError: Timed"
                + " out trying to connect to scheduler at west (exit code 20, unknown error)");
  }

  @Test
  void nothingToKillIsNoFailureOfTheKill() {
    assertThat(ended(6, "No tasks to kill found for job west/ada/devel/words\n").kind())
        .isEqualTo(Kind.ABSENT);
  }

  @Test
  void wrongArgumentsAreToldInTheParsersWords() {
    ClientFailure failure =
        ended(
            2,
            """
            usage: aurora job create [-h] [--bind var=value]
            aurora job create: error: argument --bind: invalid binding_parser value: 'A=b=c'
            """);
    assertThat(failure.kind()).isEqualTo(Kind.NOTHING_DONE);
    assertThat(failure.line()).contains("invalid binding_parser value: 'A=b=c' (exit code 2");
  }

  @Test
  void aKillThatDidNotEndInTimeIsUnclear() {
    ClientFailure failure =
        ended(
            4,
            "Instances [0, 1] were not killed in time\nError executing command: Errors occurred while killing instances\n");
    assertThat(failure.kind()).isEqualTo(Kind.UNCLEAR);
    assertThat(failure.line()).contains("Errors occurred while killing instances");
  }

  @Test
  void silenceIsToldToo() {
    assertThat(ended(139, "").line())
        .isEqualTo("Aurora's client could not do it: it said nothing (exit code 139)");
  }

  @Test
  void timeThatIsUpIsToldWithTheLastWords() {
    ClientFailure failure =
        ClientFailure.of(
            new ClientRun.TimedOut(
                Duration.ofSeconds(90), "", " INFO] Creating job words\n INFO] still waiting\n"),
            "do it");
    assertThat(failure.kind()).isEqualTo(Kind.UNCLEAR);
    assertThat(failure.line())
        .isEqualTo(
            "Aurora's client could not do it: it had not ended after 90 seconds; it said last: still"
                + " waiting");
  }

  @Test
  void aLongWordIsCut() {
    assertThat(ended(4, "Error: " + "x".repeat(10_000)).line()).hasSizeLessThan(700);
  }

  private static ClientFailure ended(int code, String err) {
    return ClientFailure.of(new ClientRun.Ended(code, "", err), "do it");
  }
}
