package org.apache.heron.client.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.heron.client.ClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyFileTest {
  @TempDir Path directory;

  @Test
  void theTypeIsInTheExtension() throws IOException {
    assertThat(file("a.jar").type()).isEqualTo(TopologyFile.Type.JAR);
    assertThat(file("a.tar").type()).isEqualTo(TopologyFile.Type.TAR);
    assertThat(file("a.tar.gz").type()).isEqualTo(TopologyFile.Type.TAR);
    assertThat(file("a.tgz").type()).isEqualTo(TopologyFile.Type.TAR);
    assertThat(file("a.tgz").baseName()).isEqualTo("a");
    assertThat(file("a.b.tar.gz").baseName()).isEqualTo("a.b");
    assertThat(file("a.so").type()).isEqualTo(TopologyFile.Type.SO);
  }

  @Test
  void aFileThatIsNotThereOrNotKnownIsTold() throws IOException {
    assertThatThrownBy(() -> TopologyFile.of(directory.resolve("none.jar")))
        .isInstanceOf(ClientException.class)
        .hasMessage("Topology file '" + directory.resolve("none.jar") + "' does not exist");
    assertThatThrownBy(() -> file("a.zip"))
        .hasMessage(
            "Unknown file type '.zip'. Please use .tar or .tar.gz or .jar or .pex or .dylib or .so"
                + " file");
    assertThatThrownBy(() -> file("plain")).hasMessageStartingWith("Unknown file type ''");
  }

  @Test
  void optionsCarrySpacesButNoCommas() {
    assertThat(
            new HeronOptions(Path.of("/tmp/a b"))
                .put("cmdline.topology.role", "my role")
                .put("cmdline.topology.file_name", "a,b.jar")
                .text())
        .isEqualTo(
            "cmdline.topologydefn.tmpdirectory=/tmp/a%%%%b,cmdline.topology.role=my%%%%role");
    assertThatThrownBy(() -> new HeronOptions(Path.of("/tmp/a=b")))
        .hasMessageContaining("must not have a comma or an equals sign");
  }

  @Test
  void optionsAreThoseOfUpstream() throws IOException {
    Path work = directory.resolve("work");
    assertThat(TopologyMain.options(request(file("a.jar"), "A"), work).text())
        .isEqualTo(
            "cmdline.topologydefn.tmpdirectory="
                + work
                + ",cmdline.topology.initial.state=PAUSED,cmdline.topology.role=ada"
                + ",cmdline.topology.environment=devel,cmdline.topology.cluster=test"
                + ",cmdline.topology.file_name="
                + directory.resolve("a.jar")
                + ",cmdline.topology.class_name=A,cmdline.topology.submit_user=ada");
  }

  @Test
  void javaIsFoundAsUpstreamFindsIt() {
    String home = System.getProperty("java.home");
    assertThat(JavaCommand.find(Map.of("JAVA_HOME", home))).hasToString(home + "/bin/java");
    assertThat(JavaCommand.find(Map.of("PATH", ":/nowhere:" + home + "/bin")))
        .hasToString(home + "/bin/java");
    assertThatThrownBy(() -> JavaCommand.find(Map.of("PATH", "/nowhere")))
        .hasMessageStartingWith("Unable to find java command");
    assertThatThrownBy(() -> JavaCommand.find(Map.of("JAVA_HOME", "/nowhere")))
        .hasMessageContaining("'/nowhere/bin/java' (from JAVA_HOME) is not a program");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JAVA_VERSION=\"23\" | true",
        "JAVA_VERSION=\"25.0.3\" | true",
        "JAVA_VERSION=\"22.0.2\" | false",
        "JAVA_VERSION=\"17.0.15\" | false",
        "JAVA_VERSION=\"1.8.0_402\" | false",
        "IMPLEMENTOR=\"25\" | false",
        "JAVA_VERSION=\"ea\" | false"
      })
  void aJavaThatWarnsOfUnsafeIsAskedNotTo(String release, boolean asked) throws IOException {
    Path home = Files.createDirectories(directory.resolve("jdk"));
    Path java = Files.createFile(Files.createDirectories(home.resolve("bin")).resolve("java"));
    Path link = Files.createSymbolicLink(directory.resolve("java"), java);
    assertThat(JavaCommand.quiet(link)).as("without the file").isEmpty();
    Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\n" + release + "\n");
    assertThat(JavaCommand.quiet(link))
        .isEqualTo(asked ? List.of("--sun-misc-unsafe-memory-access=allow") : List.of());
  }

  @Test
  void aJarWithoutTheClassIsToldBeforeAJvmStarts() throws IOException {
    Path jar = directory.resolve("a.jar");
    try (var out = new java.util.jar.JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new java.util.zip.ZipEntry("org/example/Words.class"));
      out.closeEntry();
    }
    JarContent.requireClass(jar, "org.example.Words");
    assertThatThrownBy(() -> JarContent.requireClass(jar, "Words"))
        .hasMessageEndingWith("there is no such class in it; did you mean org.example.Words?");
    Path broken = Files.writeString(directory.resolve("broken.jar"), "no zip");
    assertThatThrownBy(() -> JarContent.requireClass(broken, "Words"))
        .hasMessageContaining("is not a readable jar");
  }

  @Test
  void aPexMustSubmitWhenItIsRun() throws IOException {
    assertThatThrownBy(
            () -> MainCommand.of(request(file("a.pex"), "pkg.Words"), directory, Map.of()))
        .hasMessageContaining("give - as the class");
  }

  private TopologyFile file(String name) throws IOException {
    return TopologyFile.of(Files.writeString(directory.resolve(name), ""));
  }

  private MainRequest request(TopologyFile file, String className) {
    return new MainRequest(
        file, className, List.of(), List.of(), directory, "test", "ada", "devel", "ada", true);
  }
}
