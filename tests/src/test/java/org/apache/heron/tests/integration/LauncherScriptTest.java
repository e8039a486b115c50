package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bin/heron} as it is started from odd places, and by odd users. */
@Timeout(300)
class LauncherScriptTest {
  private static final String SETTINGS = "-XshowSettings:properties";

  @TempDir private Path directory;

  private record Result(int exit, String text) {
    /** A property of the JVM, as it shows them. */
    String property(String name) {
      return text.lines()
          .map(String::strip)
          .filter(line -> line.startsWith(name + " = "))
          .map(line -> line.substring(name.length() + 3))
          .findFirst()
          .orElse("");
    }
  }

  private Result run(Map<String, String> environment, Set<String> without, String... words)
      throws IOException, InterruptedException {
    Path said = directory.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(List.of(words)))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().keySet().removeAll(without);
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Result(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
  }

  private static void assertIsVersion(Result result) {
    assertThat(result.exit()).as(result.text()).isZero();
    assertThat(result.text()).contains("heron.build.version");
  }

  @Test
  void itIsFoundThroughALinkToItsDirectory() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("hb"), Heron.home().resolve("bin"));
    assertIsVersion(run(Map.of(), Set.of(), "sh", link.resolve("heron").toString(), "version"));
  }

  @Test
  void itIsNotLedAstrayByCdpath() throws Exception {
    Files.createSymbolicLink(directory.resolve("bin"), Heron.home().resolve("bin"));
    assertIsVersion(run(Map.of("CDPATH", "/usr:/"), Set.of(), "sh", "bin/heron", "version"));
  }

  @Test
  void withoutHomeTheUsersOwnIsUsed() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Result bare = run(Map.of(), Set.of("HOME"), java.toString(), SETTINGS, "-version");
    Result heron =
        run(Map.of("HERON_JAVA_OPTS", SETTINGS), Set.of("HOME"), "sh", script(), "version");
    assertIsVersion(heron);
    assertThat(heron.property("user.home")).isEqualTo(bare.property("user.home"));
  }

  /** As in containers that run under any user id. */
  @Test
  void aUserWithoutANameIsCalledByTheNumber() throws Exception {
    Path tools = Files.createDirectory(directory.resolve("tools"));
    Path id = tools.resolve("id");
    Files.writeString(id, "#!/bin/sh\n[ \"$1\" = -u ] && echo 12345\n");
    assertThat(id.toFile().setExecutable(true)).isTrue();
    Map<String, String> environment =
        Map.of(
            "PATH",
            tools + ":" + System.getenv("PATH"),
            "HERON_JAVA_OPTS",
            SETTINGS,
            "HOME",
            directory.toString());
    Result result = run(environment, Set.of(), "sh", script(), "version");
    assertIsVersion(result);
    assertThat(result.property("user.name")).isEqualTo("uid12345");
    Result homeless =
        run(Map.of("PATH", environment.get("PATH")), Set.of("HOME"), "sh", script(), "version");
    assertThat(homeless.exit()).isEqualTo(1);
    assertThat(homeless.text().strip())
        .isEqualTo("heron: this user id has no name and no home directory; set HOME");
  }

  /** From 23 on the JVM warns without the option; 22 does not start with it. */
  @ParameterizedTest
  @CsvSource({
    "17.0.15+6, 0",
    "21.0.2, 0",
    "22.0.2+9, 0",
    "23+37-2369, 1",
    "25.0.3+9-LTS, 1",
    "'', 0"
  })
  void theJvmIsKeptFromWarningsThatItKnows(String version, int times) throws Exception {
    Path home = Files.createDirectories(directory.resolve("jdk/bin")).getParent();
    Path java = home.resolve("bin/java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    if (!version.isEmpty()) {
      Files.writeString(
          home.resolve("release"),
          "JAVA_RUNTIME_VERSION=\"" + version + "\"\nJAVA_VERSION=\"25\"\n");
    }
    Path link = Files.createSymbolicLink(directory.resolve("java"), java);
    Map<String, String> environment = Map.of("JAVA_BIN", link.toString(), "HERON_CDS_SECONDS", "0");
    for (String program : List.of(script(), script() + "-downloader")) {
      Result result = run(environment, Set.of(), "sh", program, "words");
      assertThat(result.exit()).as(result.text()).isZero();
      assertThat(result.text().lines())
          .endsWith("words")
          .filteredOn("--sun-misc-unsafe-memory-access=allow"::equals)
          .hasSize(times);
    }
  }

  private static String script() {
    return Heron.home().resolve("bin/heron").toString();
  }
}
