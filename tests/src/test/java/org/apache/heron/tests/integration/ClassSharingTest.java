package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes that bin/heron makes beside its jars. */
class ClassSharingTest {
  private static final Path BUILT = Heron.examples().getParent().getParent().getParent();

  @TempDir private Path directory;
  private Path home;

  @BeforeEach
  void copyHome() throws IOException {
    home = Files.createDirectory(directory.resolve("a home"));
    Files.createDirectory(home.resolve("bin"));
    Files.copy(BUILT.resolve("bin/heron"), home.resolve("bin/heron"));
    Files.createDirectory(home.resolve("lib"));
    for (Path jar : list(BUILT.resolve("lib"), ".jar")) {
      Files.createSymbolicLink(home.resolve("lib").resolve(jar.getFileName()), jar);
    }
    Files.createSymbolicLink(home.resolve("conf"), BUILT.resolve("conf"));
    Files.createSymbolicLink(home.resolve("release.yaml"), BUILT.resolve("release.yaml"));
  }

  @Test
  void isMadeByTheFirstCommandAndUsedByTheNext() throws Exception {
    assertThat(help(Map.of("HERON_CDS_SECONDS", "60"))).startsWith("Usage: heron");
    assertThat(archives()).hasSize(1);
    assertThat(list(home.resolve("lib"), ".lock")).isEmpty();
    assertThat(list(home.resolve("lib"), ".new")).isEmpty();
    FileTime made = Files.getLastModifiedTime(archives().get(0));

    Path loaded = directory.resolve("loaded");
    String text = help(Map.of("HERON_JAVA_OPTS", "-Xlog:class+load:file=" + loaded));
    assertThat(text).startsWith("Usage: heron");
    assertThat(Files.readString(loaded))
        .contains("org.apache.heron.cli.Heron source: shared objects file (top)");
    assertThat(Files.getLastModifiedTime(archives().get(0))).isEqualTo(made);
  }

  @Test
  void isLeftOutWithoutAWordWhenItCannotBeMade() throws Exception {
    String text = help(Map.of("HERON_CDS_SECONDS", "0.01"));
    assertThat(text).startsWith("Usage: heron");
    assertThat(archives()).hasSize(1);
    assertThat(archives().get(0)).as("what says not to try again at once").isEmptyFile();
    FileTime tried = FileTime.from(Instant.now().minusSeconds(600));
    Files.setLastModifiedTime(archives().get(0), tried);
    for (Path jar : list(home.resolve("lib"), ".jar")) {
      Files.delete(jar);
      Path original = BUILT.resolve("lib").resolve(jar.getFileName());
      Files.copy(original, jar);
      Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
    }
    assertThat(help(Map.of("HERON_CDS_SECONDS", "60"))).isEqualTo(text);
    assertThat(Files.getLastModifiedTime(archives().get(0)).toMillis()).isEqualTo(tried.toMillis());
  }

  @Test
  void isMadeByOneProcessOnly() throws Exception {
    help(Map.of("HERON_CDS_SECONDS", "60"));
    Path archive = archives().get(0);
    Files.delete(archive);
    Path lock = Files.createDirectory(archive.resolveSibling(archive.getFileName() + ".lock"));
    assertThat(help(Map.of())).startsWith("Usage: heron");
    assertThat(archives()).isEmpty();

    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(600)));
    help(Map.of("HERON_CDS_SECONDS", "60"));
    assertThat(archives()).as("the lock was of a process that was killed").hasSize(1);
    assertThat(lock).doesNotExist();
  }

  @Test
  void isMadeAnewAfterAJarHasChanged() throws Exception {
    help(Map.of("HERON_CDS_SECONDS", "60"));
    Path archive = archives().get(0);
    FileTime old = FileTime.from(Instant.EPOCH);
    Files.setLastModifiedTime(archive, old);
    help(Map.of("HERON_CDS_SECONDS", "60"));
    assertThat(Files.getLastModifiedTime(archive)).isNotEqualTo(old);
  }

  private List<Path> archives() throws IOException {
    return list(home.resolve("lib"), ".jsa");
  }

  private static List<Path> list(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  /** Runs heron help, which says nothing on standard error; returns its output. */
  private String help(Map<String, String> environment) throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    ProcessBuilder builder = new ProcessBuilder("sh", home + "/bin/heron", "help");
    // A JVM names on standard error what it takes from these.
    builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().putAll(environment);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(Files.readString(err)).isEmpty();
    return Files.readString(out);
  }
}
