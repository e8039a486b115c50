package org.apache.heron.executor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.executor.EncodedOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of the core package, with a {@code java} that prints what it is called with. */
class ExecutorScriptTest {
  @TempDir private Path directory;
  private Path core;
  private Path javaHome;

  private record Run(int exitCode, List<String> words, String errors) {}

  @BeforeEach
  void unpackTheCore() throws IOException {
    core = directory.resolve("heron-core");
    Files.createDirectories(core.resolve("bin"));
    Files.createDirectories(core.resolve("lib/executor"));
    Files.createFile(core.resolve("lib/executor/heron-mesos-executor-1.0.0.jar"));
    Path script = core.resolve("bin/heron-executor");
    Files.copy(Path.of("src/main/core/bin/heron-executor"), script);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    javaHome = fakeJava("java 17", "17.0.9");
  }

  @Test
  void everyWordReachesTheJvmAsItIs() throws Exception {
    List<String> words =
        List.of("--shard=1", "--classpath=libs/*:a.jar", "--role=o'neil $HOME", "--x=", "*");

    Run run = run(Map.of(), words, "--heron-java-home=" + javaHome);

    assertThat(run.exitCode()).as(run.errors()).isZero();
    int main = run.words().indexOf("org.apache.heron.executor.launch.ExecutorMain");
    assertThat(run.words().subList(main + 1, main + 1 + words.size())).isEqualTo(words);
    assertThat(run.words().get(main - 1))
        .isEqualTo(core.toRealPath() + "/lib/executor/heron-mesos-executor-1.0.0.jar");
  }

  @Test
  void containerZeroIsSmallAndTheOthersAreAsLargeAsTheyMayBe() throws Exception {
    String home = "--heron-java-home=" + javaHome;
    assertThat(run(Map.of(), List.of("--shard=0"), home).words()).contains("-Xms8m", "-Xmx512m");
    assertThat(run(Map.of(), List.of("--shard", "0"), home).words()).contains("-Xmx512m");
    assertThat(run(Map.of(), List.of("--shard=3"), home).words())
        .contains("-XX:MaxRAMPercentage=60");
    assertThat(run(Map.of("HERON_CONTAINER_RAM", "4294967296"), List.of("--shard=3"), home).words())
        .contains("-Xmx3072m");
  }

  @Test
  void theTopologysOptionsComeWithoutMemory() throws Exception {
    String options = "-Da=b -Xmx9g -XX:+UseG1GC -Xss1m";

    Run run =
        run(
            Map.of(),
            List.of("--shard=1", "--instance-jvm-opts=" + EncodedOptions.encode(options)),
            "--heron-java-home=" + javaHome);

    assertThat(run.words()).contains("-Da=b", "-XX:+UseG1GC", "-Xss1m").doesNotContain("-Xmx9g");
    assertThat(run.words()).as("only one collector").doesNotContain("-XX:+UseSerialGC");
    assertThat(run.errors()).contains("-Xmx9g is left out");
    Run broken =
        run(
            Map.of(),
            List.of("--shard=1", "--instance-jvm-opts=-Xmx1g"),
            "--heron-java-home=" + javaHome);
    assertThat(broken.exitCode()).isEqualTo(2);
    assertThat(broken.errors()).contains("--instance-jvm-opts='-Xmx1g' is not base64");
  }

  @Test
  void javaIsLookedForInThreePlaces() throws Exception {
    Path other = fakeJava("other java", "21");
    List<String> words = List.of("--shard=1");
    assertThat(run(Map.of("JAVA_HOME", other.toString()), words, "--heron-java-home=/none").words())
        .first()
        .isEqualTo(other + "/bin/java");
    assertThat(
            run(
                    Map.of("PATH", other + "/bin:" + System.getenv("PATH"), "JAVA_HOME", ""),
                    words,
                    "--heron-java-home=/none")
                .words())
        .first()
        .isEqualTo(other + "/bin/java");
  }

  @Test
  void aJavaThatIsTooOldIsRefused() throws Exception {
    Path old = fakeJava("old", "11.0.2");

    Run run = run(Map.of(), List.of("--shard=1"), "--heron-java-home=" + old);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.errors()).contains("is Java 11; Java 17 or later is needed");
  }

  @Test
  void theScriptIsFoundThroughALink() throws Exception {
    Path link = directory.resolve("linked");
    Files.createSymbolicLink(link, core);

    Run run = run(link, Map.of(), List.of("--shard=1"), "--heron-java-home=" + javaHome);

    assertThat(run.exitCode()).as(run.errors()).isZero();
  }

  private Run run(Map<String, String> environment, List<String> words, String last)
      throws Exception {
    return run(core, environment, words, last);
  }

  private Run run(Path home, Map<String, String> environment, List<String> words, String last)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/heron-executor").toString());
    command.addAll(words);
    command.add(last);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectError(directory.resolve("errors").toFile());
    builder.environment().remove("HERON_CONTAINER_RAM");
    builder.environment().putAll(environment);
    Process script = builder.start();
    String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(
        script.exitValue(),
        List.of(output.split("\0")),
        Files.readString(directory.resolve("errors")));
  }

  private Path fakeJava(String name, String version) throws IOException {
    Path home = directory.resolve(name);
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\0' \"$0\" \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }
}
