package org.apache.heron.scheduler;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.heron.scheduler.aurora.AuroraLauncher;
import org.apache.heron.scheduler.local.LocalLauncher;
import org.apache.heron.scheduler.nomad.NomadLauncher;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.scheduler.ILauncher;
import org.junit.jupiter.api.Test;

/** What every launcher does before a submit has begun anything. */
class LaunchersTest {
  private static void refuses(ILauncher launcher, String key, String value) {
    Config config =
        Config.of(
            Map.of(
                "heron.config.cluster",
                "c",
                "heron.config.role",
                "ada",
                "heron.config.environ",
                "devel",
                key,
                value),
            Map.of(key, "scheduler.yaml"));
    assertThatThrownBy(() -> launcher.check(config, "words"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key + " is '" + value + "' (from scheduler.yaml)");
  }

  @Test
  void aWrongSettingIsSaidBeforeAnythingIsUploadedOrWritten() {
    refuses(new LocalLauncher(), "heron.scheduler.local.kill.grace.ms", "soon");
    refuses(new AuroraLauncher(), "heron.scheduler.job.max.kill.attempts", "0");
    refuses(new NomadLauncher(), "heron.nomad.driver", "rocket");
  }
}
