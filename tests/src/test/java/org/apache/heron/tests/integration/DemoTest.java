package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

  /** The settings of somebody who works with another cluster, of which nothing is within reach. */
  private Path installationOfAnotherCluster(Heron heron) throws IOException {
    heron
        .configure("mesos", "statemgr.yaml", Map.of("heron.statemgr.root.path", "/heron-prod"))
        .configure(
            "mesos",
            "uploader.yaml",
            Map.of(
                "heron.class.uploader", "org.apache.heron.uploader.http.HttpUploader",
                "heron.uploader.http.uri", "http://127.0.0.1:1/upload"))
        .configure(
            "mesos",
            "scheduler.yaml",
            Map.of("heron.package.core.uri", "http://127.0.0.1:1/heron-core.tar.gz"));
    Path own = heron.userHome().resolve(".config/heron/mesos");
    Files.createDirectories(own);
    Files.writeString(own.resolve("cli.yaml"), "service_url: http://127.0.0.1:1\n");
    Path home = Files.createDirectories(directory.resolve("installation"));
    for (String part : List.of("bin", "lib", "dist", "release.yaml")) {
      Files.createSymbolicLink(home.resolve(part), Heron.home().resolve(part));
    }
    Files.createSymbolicLink(home.resolve("conf"), heron.conf("mesos").getParent());
    return home;
  }

  @Test
  void theDemoShowsARunningTopologyWhateverClusterIsConfiguredAndLeavesNothing() throws Exception {
    Heron heron = Heron.in(directory);
    Path home = installationOfAnotherCluster(heron);
    Path scratch = Files.createDirectories(directory.resolve("scratch"));

    Process demo =
        heron.start(
            List.of("demo", "--duration", "12s"),
            Map.of("HERON_JAVA_OPTS", "-Djava.io.tmpdir=" + scratch + " -Dheron.home=" + home));
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
