package org.apache.heron.minicluster.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExitStatusTest {
  @ParameterizedTest
  @CsvSource({
    "0,'',Command exited with status 0",
    "1,'',Command exited with status 1",
    "127,'',Command exited with status 127",
    "143,'',Command exited with status 143",
    "143,Terminated,Command terminated with signal Terminated",
    "137,Killed,Command terminated with signal Killed",
    "139,Segmentation fault,Command terminated with signal Segmentation fault",
    "130,'',Command terminated with signal Interrupt",
    "141,'',Command terminated with signal Broken pipe",
    "168,Real-time signal 6,Command terminated with signal Unknown signal 40",
    "255,'',Command exited with status 255",
    "7,some warning,Command exited with status 7",
  })
  void theShellsWordsTellASignalFromAStatus(String status, String remarks, String message) {
    assertThat(ExitStatus.of(status + "\n", remarks).orElseThrow().message()).isEqualTo(message);
  }

  @Test
  void whatIsNoStatusIsNone() {
    assertThat(ExitStatus.of("", "")).isEmpty();
    assertThat(ExitStatus.of("x", "")).isEmpty();
  }
}
