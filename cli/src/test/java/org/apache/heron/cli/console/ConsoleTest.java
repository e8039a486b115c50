package org.apache.heron.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.ErrorText;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void timesAreInUpstreamsForm() {
    assertThat(
            LogTime.text(
                ZonedDateTime.of(2024, 3, 5, 7, 8, 9, 0, ZoneOffset.ofHoursMinutes(5, 30))))
        .isEqualTo("2024-03-05 07:08:09 +0530");
    assertThat(LogTime.text(ZonedDateTime.of(2024, 12, 31, 23, 59, 59, 0, ZoneOffset.ofHours(-8))))
        .isEqualTo("2024-12-31 23:59:59 -0800");
  }

  @Test
  void onATerminalTheStageIsOneLivingLine() {
    Console console = console(true);
    console.stage("packing");
    console.stage("uploading 40 MB");
    console.info("done");
    console.clearStage();
    assertThat(err.toString())
        .contains(
            "\r\u001b[Kpacking", "\r\u001b[Kuploading 40 MB", "\u001b[32m[INFO]\u001b[0m: done\n")
        .endsWith("uploading 40 MB\r\u001b[K");
  }

  @Test
  void elsewhereEachStageIsALineAndNothingIsColoured() {
    Console console = console(false);
    console.stage("packing");
    console.stage("packing");
    console.stage("");
    console.warn("careful");
    assertThat(err.toString()).doesNotContain("\u001b");
    assertThat(err.toString().lines()).hasSize(2).first().asString().endsWith("] [INFO]: packing");
  }

  @Test
  void resultsGoToStandardOutputOnly() {
    console(false).result("{}");
    assertThat(out).hasToString("{}\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void jsonIsEscaped() {
    assertThat(
            new JsonObject()
                .put("text", "a\"b\\c\nd\u0001ü")
                .put("number", 3)
                .put("list", List.of("x", "y"))
                .putObjects("objects", List.of(new JsonObject()))
                .toString())
        .isEqualTo(
            "{\"text\":\"a\\\"b\\\\c\\u000ad\\u0001ü\",\"number\":3,\"list\":[\"x\",\"y\"],"
                + "\"objects\":[{}]}");
  }

  @Test
  void anErrorIsOneLine() {
    assertThat(ErrorText.of(new ClientException("first\n  second"))).isEqualTo("first second");
    assertThat(ErrorText.of(new InterruptedException())).isEqualTo("cancelled");
    assertThat(ErrorText.of(new IllegalStateException("odd")))
        .isEqualTo("java.lang.IllegalStateException: odd (unexpected; --verbose shows where)");
  }

  private Console console(boolean terminal) {
    return new Console(new PrintWriter(out, true), new PrintWriter(err, true), terminal, false);
  }
}
