package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heron demo} and {@code heron cluster}: from nothing and back to nothing. */
class DemoTest {
  @TempDir Path directory;

  @Test
  void theDemoShowsARunningTopologyAndLeavesNothing() throws Exception {
    Heron heron = Heron.in(directory);
    Path scratch = Files.createDirectories(directory.resolve("scratch"));

    Process demo =
        heron.start(
            List.of("demo", "--duration", "12s"),
            Map.of("HERON_JAVA_OPTS", "-Djava.io.tmpdir=" + scratch));
    assertThat(demo.waitFor(4, TimeUnit.MINUTES)).isTrue();

    String shown = heron.read(demo, "out");
    assertThat(demo.exitValue()).as(shown + heron.read(demo, "err")).isZero();
    assertThat(shown)
        .containsPattern("3 of 3 containers RUNNING on [23] agents")
        .contains("sentence", "split", "count", "report");
    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left).isEmpty();
    }
    assertThat(Processes.mentioning(directory.toString())).isEmpty();
  }

  @Test
  void aBackgroundClusterStartsShowsItselfAndStops() throws Exception {
    Heron heron = Heron.in(directory);

    heron.run("cluster", "start", "--agents=2", "--port=0", "--zookeeper-port=0").succeeds();
    Heron.Result status = heron.run("cluster", "status").succeeds();
    assertThat(status.out()).contains("AGENT").contains("active");
    heron.run("cluster", "start", "--port=0", "--zookeeper-port=0").failsWith(1, "runs already");
    heron.run("cluster", "stop").succeeds();

    heron.run("cluster", "status").failsWith(1, "no cluster runs");
    assertThat(Processes.mentioning(directory.toString())).isEmpty();
    assertThat(heron.userHome().resolve(".herondata/cluster")).doesNotExist();
  }
}
