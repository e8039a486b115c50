package org.apache.heron.tests.defects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/upstream-defects.md against the tests that it names. */
class UpstreamDefectsTableTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern ROW =
      Pattern.compile("\\| (\\d+) \\| (\\S[^|]*) \\| (\\S[^|]*) \\| (\\S[^|]*) \\|");
  private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");
  private static final Pattern TAG = Pattern.compile("@Tag\\(\"upstream-(\\d+)\"\\)");
  private static final Pattern METHOD = Pattern.compile(" {2}(?:public )?void (\\w+)\\(.*");

  /** Tests by number of the defect, as the table has them. */
  private static Map<Integer, Set<String>> table() throws IOException {
    Map<Integer, Set<String>> rows = new TreeMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/upstream-defects.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> tests = new TreeSet<>();
        NAMED
            .matcher(row.group(4))
            .results()
            .forEach(m -> tests.add(m.group(1) + "#" + m.group(2)));
        assertThat(rows.put(Integer.valueOf(row.group(1)), tests)).as(line).isNull();
      }
    }
    return rows;
  }

  /** Tests by number of the defect, as they are tagged in the sources. */
  private static Map<Integer, Set<String>> tagged() throws IOException {
    Map<Integer, Set<String>> found = new TreeMap<>();
    for (Path file : tests()) {
      String type = file.getFileName().toString().replace(".java", "");
      List<String> annotations = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        Matcher method = METHOD.matcher(line);
        if (method.matches()) {
          String text = String.join("\n", annotations);
          for (var tag : TAG.matcher(text).results().toList()) {
            assertThat(text)
                .as("%s#%s is a test", type, method.group(1))
                .containsPattern("Test\\b");
            found
                .computeIfAbsent(Integer.valueOf(tag.group(1)), number -> new TreeSet<>())
                .add(type + "#" + method.group(1));
          }
        }
        if (line.isBlank() || method.matches()) {
          annotations.clear();
        } else {
          annotations.add(line);
        }
      }
    }
    return found;
  }

  private static List<Path> tests() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path sources : modules.map(module -> module.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(sources)) {
          try (Stream<Path> all = Files.walk(sources)) {
            all.filter(path -> path.toString().endsWith("Test.java")).forEach(files::add);
          }
        }
      }
    }
    return files;
  }

  @Test
  void eachOfThe33DefectsHasItsRowAndATestThatExists() throws IOException {
    Map<Integer, Set<String>> table = table();
    assertThat(table.keySet())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 33).boxed().toList());
    assertThat(table.values()).allSatisfy(tests -> assertThat(tests).isNotEmpty());
  }

  @Test
  void theTableNamesJustTheTestsThatAreTagged() throws IOException {
    assertThat(table()).isEqualTo(tagged());
  }
}
