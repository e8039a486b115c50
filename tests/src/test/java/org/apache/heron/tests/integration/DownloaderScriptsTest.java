package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code heron-downloader} as it is started: the checkout's, the installation's and that of the
 * core package, from another directory and through symbolic links.
 */
@Timeout(300)
class DownloaderScriptsTest {
  private static final String NO_JAVA_HOME = "";

  /** Its name has a blank, as those of people's directories may. */
  private static Path top;

  private static String uri;
  private static Path tools;

  @BeforeAll
  static void prepare(@TempDir Path temporary) throws Exception {
    top = Files.createDirectory(temporary.toRealPath().resolve("two words"));
    Path core = Heron.home().resolve("dist/heron-core.tar.gz");
    run(List.of("tar", "xzf", core.toString()), top, Map.of()).endsWith(0);
    Files.writeString(top.resolve("words.jar"), "jar");
    run(List.of("tar", "czf", "words.tar.gz", "words.jar"), top, Map.of()).endsWith(0);
    uri = top.resolve("words.tar.gz").toUri().toString();
    // All that the scripts need, and no java.
    tools = Files.createDirectory(top.resolve("tools"));
    for (String tool : List.of("dirname", "readlink")) {
      Files.createSymbolicLink(tools.resolve(tool), onPath(tool));
    }
    // The first leads to the script, the second to the first.
    Path links = Files.createDirectory(top.resolve("links"));
    for (Script script : Script.values()) {
      Files.createSymbolicLink(top.resolve(script.name()), script.path());
      Files.createSymbolicLink(links.resolve(script.name()), Path.of("..", script.name()));
    }
  }

  private static Path onPath(String tool) {
    return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
        .map(directory -> Path.of(directory, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
  }

  /** Each with what it says when there is no java. */
  enum Script {
    CHECKOUT("heron: no java found; install JDK 17 or set JAVA_HOME"),
    INSTALLATION("heron: no java found; install JDK 17 or set JAVA_HOME"),
    CORE("heron-downloader: there is no java in JAVA_HOME='' or in PATH; install Java 17 or later");

    private final String withoutJava;

    Script(String withoutJava) {
      this.withoutJava = withoutJava;
    }

    Path path() {
      Path directory =
          switch (this) {
            case CHECKOUT -> Path.of("").toAbsolutePath().getParent();
            case INSTALLATION -> Heron.home();
            case CORE -> top.resolve("heron-core");
          };
      return directory.resolve("bin/heron-downloader");
    }

    /** From a directory where nothing of it is, by a link that leads to a link. */
    Ended start(Map<String, String> environment, String... words) throws Exception {
      List<String> command = new ArrayList<>(List.of("../links/" + name()));
      command.addAll(List.of(words));
      return run(command, Files.createDirectories(top.resolve("elsewhere")), environment);
    }
  }

  private record Ended(int exit, String out, String err) {
    void endsWith(int code) {
      assertThat(exit).as("%s", this).isEqualTo(code);
    }

    void failsInOneLine(String beginning) {
      endsWith(1);
      assertThat(out).isEmpty();
      assertThat(err).startsWith(beginning).hasLineCount(1);
    }
  }

  /** An empty value takes the variable away. */
  private static Ended run(List<String> command, Path directory, Map<String, String> changes)
      throws Exception {
    Path out = Files.createTempFile(top, "out", "");
    Path err = Files.createTempFile(top, "err", "");
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    Map<String, String> environment = new TreeMap<>(Map.of("HERON_SKIP_BUILD", "1"));
    environment.putAll(changes);
    builder.environment().remove("JAVA_BIN");
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    Process process =
        builder
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private static String javaHome() {
    return System.getProperty("java.home");
  }

  @ParameterizedTest
  @EnumSource
  void aPackageIsFetchedAndAMissingOneIsNamed(Script script) throws Exception {
    String destination = "of " + script;
    Ended fetched = script.start(Map.of("JAVA_HOME", javaHome()), "-u", uri, "-f", destination);
    assertThat(fetched).isEqualTo(new Ended(0, "", ""));
    assertThat(top.resolve("elsewhere").resolve(destination).resolve("words.jar"))
        .hasContent("jar");
    script
        .start(Map.of("JAVA_HOME", javaHome()), "file:///none/p.tar.gz", "out")
        .failsInOneLine("heron-downloader: Cannot download 'file:///none/p.tar.gz' to 'out': ");
    assertThat(top.resolve("elsewhere/out")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void wrongWordsAreNamed(Script script) throws Exception {
    Map<String, String> java = Map.of("JAVA_HOME", javaHome());
    for (String[] words : List.of(new String[] {"one"}, new String[] {"--faster", uri, "out"})) {
      Ended ended = script.start(java, words);
      ended.endsWith(2);
      assertThat(ended.out()).isEmpty();
      assertThat(ended.err()).startsWith("heron-downloader: ").contains("\nusage: ");
    }
    Ended help = script.start(java, "--help");
    help.endsWith(0);
    assertThat(help.out()).startsWith("usage: heron-downloader ");
    assertThat(help.err()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whereNoJavaIsFoundOneLineSaysSo(Script script) throws Exception {
    String path = tools.toString();
    script
        .start(Map.of("JAVA_HOME", NO_JAVA_HOME, "PATH", path), uri, "out")
        .failsInOneLine(script.withoutJava);
    Map<String, String> wrong = Map.of("JAVA_HOME", "/none", "PATH", path);
    Ended ended = script.start(wrong, uri, "out");
    ended.failsInOneLine("heron");
    assertThat(ended.err()).contains("/none", "JAVA_HOME");
    assertThat(top.resolve("elsewhere/out")).doesNotExist();

    Path java = Files.createDirectories(top.resolve("with-java"));
    for (String tool : List.of("dirname", "readlink", "java")) {
      Path at = tool.equals("java") ? Path.of(javaHome(), "bin", tool) : onPath(tool);
      Files.deleteIfExists(java.resolve(tool));
      Files.createSymbolicLink(java.resolve(tool), at);
    }
    script.start(Map.of("JAVA_HOME", NO_JAVA_HOME, "PATH", java.toString()), "--help").endsWith(0);
  }
}
