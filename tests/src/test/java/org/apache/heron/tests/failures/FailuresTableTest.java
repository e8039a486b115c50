package org.apache.heron.tests.failures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/failures.md against the tests that it names, and against the paths of the API server. */
class FailuresTableTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path OPEN_API =
      ROOT.resolve("apiserver/src/main/resources/org/apache/heron/apiserver/rest/openapi.json");
  private static final List<String> FAILURES =
      List.of(
          "unreachable",
          "refused",
          "slow",
          "half-done",
          "wrong answer",
          "wrong credentials",
          "disk full");
  private static final Pattern NAMED = Pattern.compile("`(\\w+#\\w+)`");
  private static final Pattern ROUTE = Pattern.compile("`([A-Z]+ /\\S*)`");
  private static final Pattern TEST =
      Pattern.compile(
          "@(?:Test|ParameterizedTest|Property)\\b(?:(?!\\n\\n).)*?\\n {2}(?:public )?void (\\w+)\\(",
          Pattern.DOTALL);

  /** The cells of each row, by the row's first. */
  private static Map<String, List<String>> rows() throws IOException {
    Map<String, List<String>> rows = new TreeMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/failures.md"))) {
      if (line.startsWith("|") && !line.startsWith("|--")) {
        List<String> cells =
            Stream.of(line.substring(1, line.length() - 1).split("\\|"))
                .map(String::strip)
                .toList();
        List<String> rest = cells.subList(1, cells.size());
        if (cells.get(0).equals("part")) {
          assertThat(rest).isEqualTo(FAILURES);
        } else {
          assertThat(rest).as(cells.get(0)).hasSameSizeAs(FAILURES);
          assertThat(rows.put(cells.get(0), rest)).as(cells.get(0)).isNull();
        }
      }
    }
    return rows;
  }

  /** Tests of all modules: {@code Class#method}. */
  private static Set<String> tests() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path sources : modules.map(module -> module.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(sources)) {
          try (Stream<Path> all = Files.walk(sources)) {
            for (Path file : all.filter(path -> path.toString().endsWith(".java")).toList()) {
              String type = file.getFileName().toString().replace(".java", "");
              TEST.matcher(Files.readString(file))
                  .results()
                  .forEach(test -> found.add(type + "#" + test.group(1)));
            }
          }
        }
      }
    }
    return found;
  }

  @Test
  void everyCellNamesTestsThatExistOrSaysWhyThereAreNone() throws IOException {
    Set<String> tests = tests();
    List<String> wrong = new ArrayList<>();
    rows()
        .forEach(
            (part, cells) -> {
              for (int i = 0; i < cells.size(); i++) {
                String cell = cells.get(i);
                List<String> named =
                    NAMED.matcher(cell).results().map(match -> match.group(1)).toList();
                named.stream()
                    .filter(name -> !tests.contains(name))
                    .forEach(name -> wrong.add(part + ": there is no test " + name));
                if (named.isEmpty() && !cell.matches("— \\S.{9,}")) {
                  wrong.add(part + ": nothing is said of '" + FAILURES.get(i) + "'");
                }
              }
            });
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyPathOfTheApiServerHasItsRow() throws IOException {
    Set<String> described = new TreeSet<>();
    JsonNode paths = new ObjectMapper().readTree(OPEN_API.toFile()).path("paths");
    paths
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    Set<String> rows = new TreeSet<>();
    for (String part : rows().keySet()) {
      ROUTE.matcher(part).results().map((MatchResult match) -> match.group(1)).forEach(rows::add);
    }
    assertThat(rows).isEqualTo(described);
  }
}
