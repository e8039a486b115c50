package org.apache.heron.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.process.LivingProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Later commands find the process of a cluster again. */
@EnabledOnOs(OS.LINUX)
class ClusterFileTest {
  @TempDir Path directory;
  private Process process;

  @BeforeEach
  void start() throws IOException {
    process = new ProcessBuilder("sleep", "600").start();
  }

  @AfterEach
  void end() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private long startedAt() {
    return process.toHandle().info().startInstant().orElseThrow().toEpochMilli();
  }

  private void write(long startedAt, String birth) throws IOException {
    Files.writeString(
        directory.resolve("cluster.json"),
        "{\"pid\":%d,\"startedAt\":%d,%s\"master\":\"127.0.0.1:1\",\"zookeeper\":\"127.0.0.1:2\"}"
            .formatted(
                process.pid(), startedAt, birth.isEmpty() ? "" : "\"birth\":\"" + birth + "\","));
  }

  private boolean runs() throws IOException {
    return ClusterFile.read(directory).orElseThrow().process().isPresent();
  }

  // The JDK counts a process' start from the clock: after a step it is another time.
  @Test
  void aStepOfTheClockDoesNotHideARunningCluster() throws Exception {
    write(startedAt() - 1_000, LivingProcess.birth(process.toHandle()));
    assertThat(runs()).isTrue();
    int exit = new CommandLine(new ClusterStop()).execute("--directory", directory.toString());
    assertThat(exit).isZero();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("its process is ended").isTrue();
    assertThat(directory.resolve("cluster.json")).doesNotExist();
  }

  @Test
  void anotherProcessWithItsIdIsNotTheCluster() throws Exception {
    write(startedAt(), LivingProcess.birth(process.toHandle()) + "1");
    assertThat(runs()).isFalse();
  }

  @Test
  void aFileOfAnEarlierVersionHasTheTimeAlone() throws Exception {
    write(startedAt(), "");
    assertThat(runs()).isTrue();
    write(startedAt() - 1_000, "");
    assertThat(runs()).isFalse();
  }

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    write(startedAt(), LivingProcess.birth(process.toHandle()));
    ClusterFile file = ClusterFile.read(directory).orElseThrow();
    file.write(directory);
    assertThat(ClusterFile.read(directory)).contains(file);
    assertThat(runs()).isTrue();
  }
}
