package org.apache.heron.minicluster.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerMemoryTest {
  private static final int MOST = 12;

  @TempDir Path directory;

  @Test
  void ofProcessesThatHaveEndedNothingIsRemembered() throws Exception {
    Path sandbox = Files.createDirectories(directory.resolve("sandbox"));
    Path count = sandbox.resolve("count");
    Container container =
        Container.start(
            new Launch(
                sandbox,
                Files.createDirectories(directory.resolve("records")),
                List.of("/bin/sh", "-c", "while true; do sleep 0.01; echo >>count; done"),
                Map.of("PATH", System.getenv("PATH")),
                Optional.empty()));
    try {
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> {
                container.usage();
                assertThat(container.remembered()).isLessThan(MOST);
                return Files.exists(count) && Files.size(count) > 5 * MOST;
              });
    } finally {
      container.destroy(Duration.ZERO);
    }
  }
}
