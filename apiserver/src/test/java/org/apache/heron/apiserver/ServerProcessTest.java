package org.apache.heron.apiserver;

import static org.apache.heron.apiserver.Served.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server's process does with its terminal: it logs there, and reads nothing. */
class ServerProcessTest {
  private static final String ENTRY = "[2001-01-01 00:00:00 +0000] [WARN] AccessGate: forged";

  /** Each begins a line, or does what it likes with the terminal: 8-bit CSI and an override too. */
  private static final List<String> BREAKS =
      List.of("\n", "\r", "\r\n", "\u001b[2J\u001b[H", "\u009b2J", "\u0085", "\u2028", "\u202e");

  @TempDir Path directory;
  private Served served;
  private ServedProcess process;

  @BeforeEach
  void start() throws Exception {
    served = new Served(directory);
    process = new ServedProcess(served, List.of());
  }

  @AfterEach
  void stop() {
    process.close();
    served.close();
  }

  private static String forged() {
    StringBuilder text = new StringBuilder("words");
    BREAKS.forEach(each -> text.append(each).append(ENTRY));
    return text.toString();
  }

  private void awaitLogged(String text) {
    await().atMost(Served.PATIENCE).untilAsserted(() -> assertThat(process.text()).contains(text));
  }

  private void nothingIsForged() throws Exception {
    assertThat(process.text().lines())
        .noneMatch(line -> line.startsWith("[2001"))
        .allMatch(
            line ->
                line.matches("\\[20\\d\\d-.*\\] \\[(INFO|WARN)\\] \\w+: .*")
                    || line.startsWith("  ")
                    || line.startsWith("API server of cluster test listens at "));
    assertThat(process.text().chars().filter(c -> c != '\n' && c != '\t'))
        .noneMatch(Character::isISOControl)
        .noneMatch(c -> Character.getType(c) == Character.FORMAT)
        .noneMatch(c -> Character.getType(c) == Character.LINE_SEPARATOR);
  }

  /** Names with control characters are refused, without a word in the log; others are logged. */
  @Test
  void aRequestsPathForgesNoLineOfTheLog() throws Exception {
    for (String each : BREAKS) {
      String name = URLEncoder.encode("words" + each + ENTRY, StandardCharsets.UTF_8);
      String path = "/api/v1/topologies/test/ada/devel/" + name.replace("+", "%20");
      assertThat(served.delete(path).statusCode()).as(path).isIn(404, 422);
      assertThat(served.get(path).statusCode()).as(path).isBetween(400, 499);
    }
    assertThat(served.delete("/api/v1/topologies/test/ada/devel/last").statusCode()).isEqualTo(404);
    awaitLogged("Topology 'last' does not exist");
    assertThat(process.text()).contains("DELETE /api/v1/topologies/test/ada/devel/words?[2001");
    nothingIsForged();
  }

  @Test
  void aFieldForgesNoLineOfTheLogNotEvenInAStackTrace() throws Exception {
    String launcher = AskingLauncher.class.getName();
    HttpResponse<String> failed =
        served.post(
            "/api/v1/topologies",
            Served.submitForm("words")
                .field("heron.class.launcher", launcher)
                .field(AskingLauncher.WORDS, forged()));
    assertThat(message(failed)).contains("nobody answers").doesNotContain("\n");
    awaitLogged("at " + launcher);
    assertThat(process.text()).contains("nobody answers words", "forged");
    nothingIsForged();
  }

  /** Aurora's scheduler asks before it adds instances, if that is configured. */
  @Test
  void whoeverAsksAUserFindsNoneAtTheServer() throws Exception {
    process.type("y");
    HttpResponse<String> failed =
        served.post(
            "/api/v1/topologies",
            Served.submitForm("words")
                .field("heron.class.launcher", AskingLauncher.class.getName())
                .field(AskingLauncher.WORDS, "there"));
    assertThat(message(failed)).contains("nobody answers there");
    assertThat(served.state()).isEmpty();
  }
}
