package org.apache.heron.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.heron.spi.config.KeyCatalogue;
import org.junit.jupiter.api.Test;

/** House rules that no compiler checks, held on the sources. */
class SourceRulesTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final int MOST_LINES = 500;

  @Test
  void noTestSleeps() throws IOException {
    assertThat(
            lines(
                (path, line) -> path.contains("/src/test/") && line.contains("Thread" + ".sleep")))
        .isEmpty();
  }

  @Test
  void nothingIsLeftUnfinishedByItsOwnWords() throws IOException {
    Pattern unfinished = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");
    assertThat(lines((path, line) -> unfinished.matcher(line).find())).isEmpty();
  }

  @Test
  void noSourceFileIsTooLongToBeOneIdea() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : javaFiles()) {
      long count = Files.readAllLines(file).size();
      if (count > MOST_LINES) {
        tooLong.add(ROOT.relativize(file) + ": " + count + " lines");
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void everyKeyThatIsReadIsInTheCatalogue() throws IOException {
    Pattern literal = Pattern.compile("\"(heron\\.[a-z0-9.-]*[a-z0-9])\"");
    // Names of system properties and of labels in Mesos, which nobody configures; Aurora's
    // template; a key of 2016, and
    // the beginning of others, in release.yaml.
    Set<String> others =
        Set.of(
            "heron.home",
            "heron.cluster",
            "heron.role",
            "heron.environ",
            "heron.topology",
            "heron.container",
            "heron.aurora",
            "heron.verbose",
            "heron.build");
    List<String> unlisted = new ArrayList<>();
    for (Path file : javaFiles()) {
      if (file.toString().contains("/src/main/")) {
        Matcher keys = literal.matcher(Files.readString(file));
        while (keys.find()) {
          if (!others.contains(keys.group(1)) && KeyCatalogue.find(keys.group(1)).isEmpty()) {
            unlisted.add(ROOT.relativize(file) + ": " + keys.group(1));
          }
        }
      }
    }
    assertThat(unlisted).as("not in spi's keys.txt").isEmpty();
  }

  private static List<String> lines(BiPredicate<String, String> offends) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : javaFiles()) {
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        if (offends.test(file.toString(), line)) {
          found.add(ROOT.relativize(file) + ":" + number + ": " + line.trim());
        }
      }
    }
    return found;
  }

  private static List<Path> javaFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(path -> Files.exists(path.resolve("pom.xml"))).toList()) {
        Path sources = module.resolve("src");
        if (Files.isDirectory(sources)) {
          try (Stream<Path> all = Files.walk(sources)) {
            all.filter(path -> path.toString().endsWith(".java")).forEach(files::add);
          }
        }
      }
    }
    assertThat(files).isNotEmpty();
    return files;
  }
}
