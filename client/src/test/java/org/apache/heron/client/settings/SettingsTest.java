package org.apache.heron.client.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.RecordingProgress;
import org.apache.heron.client.TestHome;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path directory;
  private TestHome home;

  @BeforeEach
  void makeHome() throws IOException {
    home = new TestHome(directory);
  }

  @Test
  void theTargetIsReadAsUpstreamReadsIt() {
    assertThat(TopologyTarget.parse("mesos", "ada").path()).isEqualTo("mesos/ada/default");
    assertThat(TopologyTarget.parse("mesos/", "ada").path()).isEqualTo("mesos/ada/default");
    assertThat(TopologyTarget.parse("mesos/grace", "ada").path()).isEqualTo("mesos/grace");
    assertThat(TopologyTarget.parse("mesos//prod", "ada").path()).isEqualTo("mesos//prod");
    assertThat(TopologyTarget.parse("mesos/a/b/c", "ada").path()).isEqualTo("mesos/a/b");
    for (String wrong :
        new String[] {"", "/ada", "../ada", "mesos/..", "mesos/./x", "mesos/a\tb"}) {
      assertThatThrownBy(() -> TopologyTarget.parse(wrong, "ada"))
          .isInstanceOf(ClientException.class)
          .hasMessageStartingWith("Argument cluster/[role]/[env] is not correct");
    }
  }

  @Test
  void propertiesWinAndUnknownKeysAreWarnedOf() {
    RecordingProgress progress = new RecordingProgress();
    Settings settings =
        home.settings(
            Map.of("heron.mesos.master.urii", "x", "heron.class.uploader", "U"), progress);
    assertThat(settings.local().string(Key.UPLOADER_CLASS)).isEqualTo("U");
    assertThat(settings.local().string(Key.ROLE)).isEqualTo("ada");
    assertThat(settings.local().string(Key.BUILD_VERSION)).isEqualTo("1.2.3");
    assertThat(String.join("\n", progress.lines()))
        .contains("warn unknown key heron.mesos.master.urii")
        .contains("did you mean heron.mesos.master.uri?");
  }

  @Test
  void aRequiredRoleMustBeGiven() throws IOException {
    Files.writeString(
        home.home().resolve("conf/test/client.yaml"), "heron.config.is.role.required: true\n");
    Installation installation = Installation.of(home.home(), Optional.empty(), Optional.empty());
    assertThatThrownBy(
            () ->
                Settings.load(
                    installation,
                    TopologyTarget.parse("test//prod", "ada"),
                    new Settings.Switches(Map.of(), false, false),
                    new RecordingProgress()))
        .hasMessageContaining("role required but not provided");
  }

  @Test
  void aBrokenFileAMissingClusterAndAMissingReleaseAreTold() throws IOException {
    Files.writeString(home.home().resolve("conf/test/client.yaml"), "a: [\n");
    assertThatThrownBy(() -> home.settings(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("client.yaml");
    Installation installation = Installation.of(home.home(), Optional.empty(), Optional.empty());
    assertThatThrownBy(() -> installation.clusterDirectory("nowhere"))
        .hasMessageStartingWith("Cluster config directory '")
        .hasMessageEndingWith("' does not exist");
    Files.delete(home.home().resolve("release.yaml"));
    assertThatThrownBy(() -> Installation.of(home.home(), Optional.empty(), Optional.empty()))
        .hasMessage("Required file not found: " + home.home().resolve("release.yaml"));
  }

  @Test
  void pluginsThatCannotBeMadeAreTold() {
    Settings none = home.settings(Map.of("heron.class.launcher", "no.Such"));
    assertThatThrownBy(() -> Plugins.standard().launcher(none.local()))
        .hasMessageStartingWith(
            "Failed to instantiate launcher class 'no.Such' (heron.class.launcher")
        .hasMessageEndingWith("there is no such class");
    Settings wrong = home.settings(Map.of("heron.class.uploader", "java.lang.Object"));
    assertThatThrownBy(() -> Plugins.standard().uploader(wrong.local()))
        .hasMessageEndingWith("it is no IUploader");
    assertThatThrownBy(() -> Plugins.withClassPath("/nowhere/x.jar"))
        .hasMessageStartingWith("One of jar or directory in extra launch classpath does not exist");
  }
}
