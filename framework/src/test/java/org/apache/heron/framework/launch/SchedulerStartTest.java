package org.apache.heron.framework.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SchedulerStartTest {

  // In a container whose first process reaps nobody, this is what kill -9 leaves of a scheduler.
  @Test
  void aProcessThatNobodyHasReapedIsNotAlive() throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs Linux");
    // The shell starts a child and becomes a program that never asks for it.
    Process parent =
        new ProcessBuilder("/bin/sh", "-c", "/bin/true & echo $!; exec /bin/cat").start();
    try {
      long pid = Long.parseLong(parent.inputReader().readLine());
      ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
      await().until(() -> Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z "));
      assertThat(child.isAlive()).isTrue();
      assertThat(SchedulerStart.isAlive(child)).isFalse();
      assertThat(SchedulerStart.waitForEnd(child, Duration.ofSeconds(5))).isTrue();
      assertThat(SchedulerStart.isAlive(parent.toHandle())).isTrue();
    } finally {
      parent.destroy();
    }
  }
}
