package org.apache.heron.framework.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/metrics.md against what a scheduler exposes. */
class MetricsDocumentTest {
  private static final Path DOCUMENT =
      Path.of("").toAbsolutePath().getParent().resolve("docs/metrics.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z_]+)` \\| (gauge|counter|summary) \\| ([a-z_, ]*)\\|.*");

  private final ExpositionText exposed =
      ExpositionText.parse(
          new FrameworkMetrics("words", "mesos", "ada", "default", Clock.systemUTC()).exposition());

  /** Kind and labels by name, as the document has them. */
  private static Map<String, List<String>> documented() throws IOException {
    Map<String, List<String>> rows = new TreeMap<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertThat(rows.put(row.group(1), List.of(row.group(2), row.group(3).strip())))
            .as("%s is documented twice", row.group(1))
            .isNull();
      }
    }
    return rows;
  }

  @Test
  void whatIsDocumentedIsExposedAndTheOtherWayRound() throws IOException {
    assertThat(documented().keySet()).isEqualTo(new TreeSet<>(exposed.families().keySet()));
  }

  @Test
  void kindsAndLabelsAreAsDocumented() throws IOException {
    for (Map.Entry<String, List<String>> row : documented().entrySet()) {
      Family family = Family.of(row.getKey()).orElseThrow();
      assertThat(exposed.families().get(row.getKey())).isEqualTo(row.getValue().get(0));
      assertThat(String.join(", ", family.labels()))
          .as("labels of %s", row.getKey())
          .isEqualTo(row.getValue().get(1));
    }
  }

  @Test
  void theFiveAlertsSpeakOfFiguresThatExist() throws IOException {
    List<String> alerts =
        Files.readAllLines(DOCUMENT).stream()
            .dropWhile(line -> !line.startsWith("## The five to alert on"))
            .filter(line -> line.startsWith("| ") && line.contains("`"))
            .toList();
    assertThat(alerts).hasSize(5);
    Pattern name = Pattern.compile("heron_[a-z_]+");
    for (String alert : alerts) {
      String expressions = alert.split("\\|")[2];
      List<String> names = name.matcher(expressions).results().map(each -> each.group()).toList();
      assertThat(names).as(alert).isNotEmpty();
      assertThat(exposed.families().keySet()).as(alert).containsAll(names);
    }
  }
}
