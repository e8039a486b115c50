package org.apache.heron.spi.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class LivingProcessTest {
  @Test
  void aProcessIsFoundByItsBirthUntilItEnds() throws Exception {
    Process process = new ProcessBuilder("sleep", "600").start();
    long pid = process.pid();
    String birth = LivingProcess.birth(process.toHandle());
    try {
      assertThat(birth).doesNotContainAnyWhitespaces();
      assertThat(LivingProcess.find(pid, birth)).contains(process.toHandle());
      assertThat(LivingProcess.find(pid, birth + "1")).as("another had its id").isEmpty();
      Instant start = process.toHandle().info().startInstant().orElseThrow();
      assertThat(LivingProcess.find(pid, start.toString())).as("earlier versions").isPresent();
      assertThat(LivingProcess.find(pid, "" + start.toEpochMilli())).isPresent();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(LivingProcess.find(pid, birth)).isEmpty();
  }

  @Test
  void processIdsOfOnePlaceMeanTheSame() {
    assertThat(LivingProcess.place()).isPresent().isEqualTo(LivingProcess.place());
    assertThat(LivingProcess.place().orElseThrow()).doesNotContainAnyWhitespaces();
  }
}
