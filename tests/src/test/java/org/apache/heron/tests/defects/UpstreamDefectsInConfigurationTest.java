package org.apache.heron.tests.defects;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What upstream ships for Mesos, and this one does not. The tags' numbers are those of
 * docs/upstream-defects.md.
 */
class UpstreamDefectsInConfigurationTest {
  private static final Path CONF = Path.of("").toAbsolutePath().getParent().resolve("conf/mesos");

  @Test
  @Tag("upstream-33")
  void theShippedMesosConfigurationKeepsSharedStateInZooKeeper() {
    Config config = ConfigLoader.loadFiles(List.of(CONF.resolve("statemgr.yaml")));
    assertThat(config.optionalString("heron.statemgr.connection.string").orElse(""))
        .matches("[^,]+:\\d+(,[^,]+:\\d+)*");
    assertThat(config.optionalString("heron.class.state.manager").orElse(""))
        .isEqualTo("org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager");
  }
}
