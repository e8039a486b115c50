package org.apache.heron.scheduler.nomad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.web.WebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between us and Nomad: one clear line, and nothing is left behind. */
class NomadFaultsTest extends NomadStory {

  // Bound, so that nobody else listens there.
  private final Socket closed = new Socket();

  @BeforeEach
  void bind() throws IOException {
    closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void unbind() throws IOException {
    closed.close();
  }

  @Test
  void aServerThatIsNotThereIsNamedWithItsKey() {
    values.put("heron.nomad.scheduler.uri", nowhere());
    assertThatThrownBy(() -> scheduler().onSchedule(() -> plan(2)))
        .isInstanceOf(SchedulerException.class)
        .hasMessage(
            "no Nomad server answers (heron.nomad.scheduler.uri, from scheduler.yaml): "
                + values.get("heron.nomad.scheduler.uri")
                + ": connection refused");
    values.put("heron.nomad.scheduler.uri", "http://no-such-host.invalid:4646");
    assertThatThrownBy(() -> scheduler().onKill()).hasMessageContaining("no host of that name");
  }

  private String nowhere() {
    return "http://127.0.0.1:" + closed.getLocalPort();
  }

  @Test
  void ofSeveralServersTheNextIsAsked() throws IOException {
    values.put("heron.nomad.scheduler.uri", List.of(nowhere(), nomad.uri() + "/"));
    NomadScheduler scheduler = submitted(plan(2));
    assertThat(jobIds()).hasSize(3);
    assertThat(scheduler.status().allRunning()).isTrue();
    assertThat(scheduler.jobLinks().get(0)).startsWith(nomad.uri() + "/ui/jobs/");
    values.put("heron.nomad.scheduler.uri", nowhere() + ", " + nomad.uri());
    assertThat(scheduler().onKill().ok()).isTrue();
  }

  @Test
  void aServerThatDoesNotAnswerIsNotWaitedForLong() {
    values.put("heron.nomad.request.timeout.ms", 2_000);
    nomad.failAlways("GET /v1/jobs", 0, 0, "");
    assertThatThrownBy(() -> scheduler().onSchedule(() -> plan(1)))
        .hasMessageEndingWith("no answer within 2000 ms (heron.nomad.request.timeout.ms)");
    assertThat(nomad.world().history()).isEmpty();
  }

  @Test
  void whatIsHalfRegisteredIsTakenBack() {
    nomad.failAlways("PUT /v1/jobs", 2, 500, "rpc error: leadership lost");
    assertThatThrownBy(() -> scheduler().onSchedule(() -> plan(4)))
        .isInstanceOf(SchedulerException.class)
        .hasMessageMatching(
            "Nomad at .* does not take job words-0001-\\d: rpc error: leadership lost \\(500\\)");
    assertThat(jobIds()).isEmpty();
    assertThat(nomad.world().history()).anyMatch(line -> line.startsWith("register"));
    assertThat(nomad.world().history()).anyMatch(line -> line.startsWith("purge"));
  }

  @Test
  void whatCannotBeTakenBackIsSaid() {
    nomad.failAlways("PUT /v1/jobs", 1, 500, "disk full");
    nomad.failAlways("DELETE /v1/job", 0, 500, "disk full");
    assertThatThrownBy(() -> scheduler().onSchedule(() -> plan(2)))
        .hasMessageContaining("disk full (500); jobs that were registered before may be left")
        .hasMessageContaining("nomad job status");
    nomad.recover();
    assertThat(scheduler().onKill().ok()).isTrue();
    assertThat(jobIds()).isEmpty();
  }

  @Test
  void anAnswerThatGetsLostIsNoFailure() {
    values.put("heron.nomad.request.timeout.ms", 1_000);
    values.put("heron.nomad.scheduler.uri", List.of(nomad.uri(), nomad.uri()));
    nomad.loseAnswerOnce();
    NomadScheduler scheduler = submitted(plan(2));
    assertThat(jobIds()).hasSize(3);
    assertThat(scheduler.status().allRunning()).isTrue();
    nomad.loseAnswerOnce();
    assertThat(scheduler.onRestart(1, 1).join().ok()).isTrue();
    assertThat(
            nomad
                .world()
                .job("words-0001-1")
                .orElseThrow()
                .at("/TaskGroups/0/Tasks/0/Env/HERON_NOMAD_RESTARTS")
                .asText())
        .isEqualTo("1");
  }

  @Test
  void anElectionIsWaitedFor() {
    values.put("heron.nomad.leader.wait.ms", 30_000);
    nomad.failOnce("PUT /v1/jobs", 1, 500, "No cluster leader");
    nomad.failOnce("GET /v1/jobs", 0, 503, "");
    scheduler().onSchedule(() -> plan(2));
    assertThat(jobIds()).hasSize(3);
    values.put("heron.nomad.leader.wait.ms", 10);
    nomad.failAlways("GET /v1/jobs", 0, 500, "No cluster leader");
    assertThatThrownBy(() -> scheduler().onKill())
        .hasMessageEndingWith("cannot work just now: 500 No cluster leader");
  }

  @Test
  void aMissingOrWrongTokenIsSaidAndNeverShown() throws IOException {
    nomad.requireToken("11112222-3333-4444-5555-666677778888");
    assertThatThrownBy(() -> scheduler().onSchedule(() -> plan(1)))
        .hasMessageEndingWith(
            "refuses: Permission denied; it asks for a token: heron.nomad.acl.token.file or"
                + " NOMAD_TOKEN");
    Throwable wrong =
        catchThrowable(
            () -> scheduler(TOPOLOGY, Map.of("NOMAD_TOKEN", "s3cret")).onSchedule(() -> plan(1)));
    assertThat(wrong)
        .hasMessageEndingWith(
            "refuses: ACL token not found; the environment's NOMAD_TOKEN does not open it");
    assertThat(wrong.getMessage()).doesNotContain("s3cret");
    assertThat(nomad.world().history()).isEmpty();

    Path file =
        Files.writeString(directory.resolve("token"), "11112222-3333-4444-5555-666677778888\n");
    values.put("heron.nomad.acl.token.file", file.toString());
    // The file wins over the environment.
    scheduler(TOPOLOGY, Map.of("NOMAD_TOKEN", "s3cret")).onSchedule(() -> plan(1));
    assertThat(jobIds()).hasSize(2);
    assertThat(nomad.world().jobs("").toString()).doesNotContain("11112222");
  }

  @Test
  void aTokenThatMayNotSubmitLeavesNothing() {
    nomad.failAlways("PUT /v1/jobs", 0, 403, "Permission denied");
    assertThatThrownBy(() -> scheduler().onSchedule(() -> plan(2)))
        .hasMessageContaining("refuses: Permission denied")
        .hasMessageNotContaining("may be left");
  }

  @Test
  void aTokenFileWithoutATokenIsSaid() throws IOException {
    values.put("heron.nomad.acl.token.file", directory.resolve("none").toString());
    assertThatThrownBy(this::scheduler)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no such file (heron.nomad.acl.token.file)");
    Path file = Files.writeString(directory.resolve("token"), "\n");
    values.put("heron.nomad.acl.token.file", file.toString());
    assertThatThrownBy(this::scheduler).hasMessageContaining("it is empty");
    Files.writeString(file, "two words\r\nX-Other: 1");
    assertThatThrownBy(this::scheduler)
        .hasMessageContaining("it is not one word")
        .hasMessageNotContaining("two words");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<html>It works!</html>", "", "{}", "\"hello\"", "[{\"ID\": ", "42", "[[[[[[[["})
  void whatIsNoNomadIsSaid(String body) throws IOException {
    try (WebServer other =
        WebServer.builder()
            .name("other")
            .route("GET", "/v1/jobs", (request, response) -> response.sendHtml(body))
            .start()) {
      values.put("heron.nomad.scheduler.uri", "http://127.0.0.1:" + other.port());
      assertThatThrownBy(() -> scheduler().onKill())
          .isInstanceOf(SchedulerException.class)
          .hasMessageContaining("is no Nomad (heron.nomad.scheduler.uri)")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void oddButWellFormedAnswersDoNoHarm() throws IOException {
    try (WebServer other =
        WebServer.builder()
            .name("other")
            .route(
                "GET",
                "/v1/jobs",
                (request, response) ->
                    response.send(
                        "application/json",
                        ("[null, 7, {\"ID\": 5, \"Meta\": []}, {\"ID\": \"words-0001-x\", \"Meta\":"
                                + " {\"topology.name\": \"words\", \"topology.id\": \"words-0001\"}}]")
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8)))
            .start()) {
      values.put("heron.nomad.scheduler.uri", "http://127.0.0.1:" + other.port());
      assertThat(scheduler().status().containers()).isEmpty();
    }
  }

  @Test
  void aServerBehindTlsIsNotTakenForOneWithout() {
    values.put("heron.nomad.scheduler.uri", nomad.uri().replace("http:", "https:"));
    assertThatThrownBy(() -> scheduler().onKill())
        .hasMessageContaining("it does not speak TLS, but was called by https");
    values.put("heron.nomad.tls.ca.file", directory.resolve("ca.pem").toString());
    assertThatThrownBy(this::scheduler).hasMessageContaining("does not exist");
  }

  @Test
  void aKillThatNomadRefusesCanBeRepeated() {
    submitted(plan(2));
    nomad.failOnce("DELETE /v1/job", 1, 500, "rpc error: EOF");
    assertThatThrownBy(() -> scheduler().onKill()).hasMessageContaining("rpc error: EOF");
    assertThat(scheduler().onKill()).isEqualTo(Outcome.done(""));
    assertThat(jobIds()).isEmpty();
  }

  @Test
  void aScaleThatNomadRefusesAddsNothing() {
    NomadScheduler scheduler = submitted(plan(1));
    nomad.failAlways("PUT /v1/jobs", 1, 500, "out of memory");
    assertThatThrownBy(() -> scheduler.onScale(plan(4))).hasMessageContaining("out of memory");
    assertThat(jobIds()).containsExactly("words-0001-0", "words-0001-1");
    assertThat(scheduler.status().allRunning()).isTrue();
  }

  @Test
  void aJobThatSomebodyElseKeepsChangingIsGivenUp() {
    NomadScheduler scheduler = submitted(plan(1));
    nomad.failAlways(
        "PUT /v1/jobs",
        0,
        500,
        "Enforcing job modify index 11: job exists with conflicting job modify index: 12");
    assertThat(catchThrowable(() -> scheduler.onRestart(1, 1).join()))
        .hasMessageContaining("job words-0001-1 is being changed in Nomad by somebody else");
  }
}
