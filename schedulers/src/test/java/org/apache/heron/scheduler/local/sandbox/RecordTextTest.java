package org.apache.heron.scheduler.local.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.heron.scheduler.local.core.Aim;
import org.apache.heron.scheduler.local.core.Container;
import org.apache.heron.scheduler.local.core.Happening;
import org.apache.heron.scheduler.local.core.History;
import org.apache.heron.scheduler.local.core.Life;
import org.apache.heron.scheduler.local.core.ProcessMark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTextTest {
  private static final Instant TIME = Instant.parse("2026-01-01T12:00:00.123Z");

  @TempDir Path directory;

  private static Container container(int id, Optional<ProcessMark> mark, List<Integer> ports) {
    return new Container(
        id,
        Aim.RENEW,
        Life.KILLING,
        7,
        2,
        1,
        true,
        TIME,
        Optional.of(TIME.plusSeconds(10)),
        "ended: \"no=such#file\" ünd \\ back",
        mark,
        ports,
        1L << 31,
        new History(
            List.of(
                new Happening(TIME, Happening.Kind.LAUNCHED, 6, "as process 12"),
                new Happening(TIME, Happening.Kind.RUNNING, 7, "")),
            3));
  }

  private static Container running() {
    return container(
        3, Optional.of(new ProcessMark(12, "ab-cd:345")), List.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
  }

  @Test
  void aRecordIsReadAsItWasWritten() {
    assertThat(RecordText.parse(RecordText.of(running()))).isEqualTo(running());
    Container waiting = container(4, Optional.empty(), List.of());
    assertThat(RecordText.parse(RecordText.of(waiting))).isEqualTo(waiting);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "version=1",
        "version=2\ncontainer=1",
        "\\u00",
        "version=1\ncontainer=one",
      })
  void whatIsNoRecordIsRefused(String text) {
    assertThatThrownBy(() -> RecordText.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"life", "attempt", "since", "ports", "ram", "history.forgotten", "process.birth"})
  void aRecordThatWasCutOrSpoiltIsRefused(String key) {
    String text = RecordText.of(running());
    String without = text.replaceAll("(?m)^" + key.replace(".", "\\.") + "=.*\n", "");
    assertThat(without).isNotEqualTo(text);
    assertThatThrownBy(() -> RecordText.parse(without))
        .isInstanceOf(IllegalArgumentException.class);
    if (!key.equals("process.birth")) {
      String spoilt = text.replaceAll("(?m)^" + key.replace(".", "\\.") + "=.*\n", key + "=x\n");
      assertThatThrownBy(() -> RecordText.parse(spoilt))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aSpoiltRecordIsLeftOutAndTheOthersAreRead() throws IOException {
    Records records = new Records(new Layout(directory));
    assertThat(records.all()).isEmpty();
    records.save(running());
    Files.writeString(directory.resolve("records/container-9"), "spoilt");
    Files.write(directory.resolve("records/container-7"), new byte[] {(byte) 0xff, 'x'});
    Files.writeString(directory.resolve("records/container-8.part"), "cut off");
    assertThat(records.all()).containsExactly(running());
    records.forget(3);
    records.forget(3);
    assertThat(records.all()).isEmpty();
  }

  @Test
  void aKillIsOnRecord() throws IOException {
    Records records = new Records(new Layout(directory));
    assertThat(records.isKilling()).isFalse();
    records.saveKill();
    assertThat(new Records(new Layout(directory)).isKilling()).isTrue();
  }
}
