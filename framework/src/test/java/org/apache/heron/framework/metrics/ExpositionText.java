package org.apache.heron.framework.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Prometheus' text format 0.0.4 as strictly as the format's description: each family's HELP
 * and TYPE once and before its samples, samples of a family together, no sample twice.
 *
 * @param families kind by name
 * @param samples value by name with labels
 */
public record ExpositionText(Map<String, String> families, Map<String, Double> samples) {
  private static final Pattern HELP = Pattern.compile("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (\\S.*)");
  private static final Pattern TYPE =
      Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (gauge|counter|summary)");
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\"";
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{" + LABEL + "(?:," + LABEL + ")*\\})? (\\S+)");

  /** Parses; any line that is not of the format fails the test. */
  public static ExpositionText parse(String text) {
    assertThat(text).endsWith("\n").doesNotContain("\r");
    Map<String, String> families = new LinkedHashMap<>();
    Map<String, Double> samples = new LinkedHashMap<>();
    String helped = "";
    String family = "";
    for (String line : text.split("\n")) {
      Matcher help = HELP.matcher(line);
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (help.matches()) {
        helped = help.group(1);
        assertThat(families).as("HELP of %s comes first", helped).doesNotContainKey(helped);
      } else if (type.matches()) {
        family = type.group(1);
        assertThat(family).as("TYPE follows HELP").isEqualTo(helped);
        assertThat(families.put(family, type.group(2))).isNull();
      } else {
        assertThat(line).matches(SAMPLE);
        assertThat(sample.matches()).isTrue();
        String name = sample.group(1);
        boolean summary = "summary".equals(families.get(family));
        assertThat(summary ? name.replaceFirst("_(sum|count)$", "") : name)
            .as("family of %s", line)
            .isEqualTo(family);
        String key = name + (sample.group(2) == null ? "" : sample.group(2));
        assertThat(samples.put(key, Double.parseDouble(sample.group(3))))
            .as("%s is there once", key)
            .isNull();
      }
    }
    return new ExpositionText(families, samples);
  }

  /** The value of that sample. */
  public double value(String name) {
    assertThat(samples).containsKey(name);
    return samples.get(name);
  }
}
