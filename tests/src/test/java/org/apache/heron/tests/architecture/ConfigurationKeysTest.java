package org.apache.heron.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.config.KeyCatalogue;
import org.apache.heron.spi.config.KnownKey;
import org.junit.jupiter.api.Test;

/**
 * Every key of upstream's configuration is read by code, or {@code docs/compatibility.md} says why
 * it is not.
 */
class ConfigurationKeysTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path DOCUMENT = ROOT.resolve("docs/compatibility.md");
  private static final String HEADING = "## Keys that are not read";
  private static final Pattern ROW = Pattern.compile("\\| (.+?) \\| (.+) \\|");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern PREFIX = Pattern.compile("(?:heron|topology)\\.[a-z0-9.]*\\.");
  private static final Pattern LITERAL = Pattern.compile("\"([^\"\\n]*)\"");
  private static final Pattern CONSTANT = Pattern.compile("\\b((?:Key|Config)\\.[A-Z_]+)\\b");

  /**
   * The product's sources.
   *
   * @param literals every text in quotes
   * @param constants every {@code Key.NAME} and {@code Config.NAME}
   * @param tokens the list of keys, whose defaults stand on others
   */
  private record Sources(Set<String> literals, Set<String> constants, String tokens) {
    static Sources read() throws IOException {
      Set<String> literals = new HashSet<>();
      Set<String> constants = new HashSet<>();
      try (Stream<Path> modules = Files.list(ROOT)) {
        for (Path module : modules.toList()) {
          Path sources = module.resolve("src/main/java");
          if (Files.isDirectory(sources)) {
            try (Stream<Path> all = Files.walk(sources)) {
              for (Path file : all.filter(path -> path.toString().endsWith(".java")).toList()) {
                // The list of keys itself reads none.
                if (!file.endsWith("spi/config/Key.java")) {
                  String text = Files.readString(file);
                  Set<String> own = all(LITERAL, text);
                  literals.addAll(own);
                  literals.addAll(composed(own));
                  constants.addAll(all(CONSTANT, text));
                }
              }
            }
          }
        }
      }
      String tokens =
          Files.readString(ROOT.resolve("spi/src/main/java/org/apache/heron/spi/config/Key.java"));
      return new Sources(literals, constants, tokens);
    }

    private static Set<String> all(Pattern pattern, String text) {
      return pattern.matcher(text).results().map(m -> m.group(1)).collect(Collectors.toSet());
    }

    /**
     * {@code PREFIX + "retry.count"} and {@code "heron." + use + "." + "retry.count"}, of one file.
     */
    private static Set<String> composed(Set<String> own) {
      Set<String> prefixes =
          own.stream().filter(text -> PREFIX.matcher(text).matches()).collect(Collectors.toSet());
      if (own.contains("heron.") && own.contains(".")) {
        prefixes.addAll(Set.of("heron.statemgr.", "heron.scheduler."));
      }
      Set<String> composed = new HashSet<>();
      prefixes.forEach(prefix -> own.forEach(rest -> composed.add(prefix + rest)));
      return composed;
    }

    boolean reads(String key) {
      String constant = "Config." + key.toUpperCase(Locale.ROOT).replace('.', '_');
      boolean byApi = key.startsWith("topology.") && constants.contains(constant);
      return literals.contains(key) || byConstant(key) || byApi;
    }

    private boolean byConstant(String key) {
      return Arrays.stream(Key.values())
          .filter(each -> each.text().equals(key))
          // Another key's default may stand on it.
          .anyMatch(
              each ->
                  constants.contains("Key." + each.name())
                      || tokens.contains("${" + each.name() + "}"));
    }
  }

  @Test
  void everyKeyOfUpstreamIsReadOrItIsSaidWhyNot() throws IOException {
    Sources sources = Sources.read();
    Map<String, String> said = said();
    List<String> unexplained = new ArrayList<>();
    TreeSet<String> useless = new TreeSet<>(said.keySet());
    for (String key : upstreamKeys()) {
      boolean read = sources.reads(key);
      List<String> lines = said.keySet().stream().filter(line -> covers(line, key)).toList();
      if (!read && lines.isEmpty()) {
        unexplained.add(key);
      }
      if (!read) {
        useless.removeAll(lines);
      }
    }
    assertThat(unexplained)
        .as("neither read by code nor under '%s' of %s", HEADING, DOCUMENT)
        .isEmpty();
    assertThat(useless).as("all that these stand for in %s is read by now", DOCUMENT).isEmpty();
  }

  @Test
  void everyReasonIsAReason() throws IOException {
    assertThat(said())
        .isNotEmpty()
        .allSatisfy((key, reason) -> assertThat(reason).as(key).hasSizeGreaterThan(10));
  }

  /** docs/keys.md says all that the list of keys says, and nothing else. */
  @Test
  void everyKeyIsDescribedInTheDocument() throws IOException {
    List<String> lines =
        Files.readAllLines(ROOT.resolve("docs/keys.md")).stream()
            .dropWhile(line -> !line.startsWith("## "))
            .toList();
    List<String> rows = catalogue();
    Path written = Files.write(Path.of("target/keys.md"), rows);
    assertThat(lines)
        .as(
            "docs/keys.md from its first section on, against keys.txt; as it should be: %s",
            written)
        .isEqualTo(rows);
  }

  /** The list of keys, as sections of a page with a table each. */
  private static List<String> catalogue() throws IOException {
    List<String> rows = new ArrayList<>();
    Path keys = ROOT.resolve("spi/src/main/resources/org/apache/heron/spi/config/keys.txt");
    for (String line : Files.readAllLines(keys)) {
      if (line.startsWith("## ")) {
        rows.addAll(rows.isEmpty() ? List.of() : List.of(""));
        rows.addAll(List.of(line, "", "| key | kind | default | meaning |", "|---|---|---|---|"));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        String[] fields = line.split("\\|", 4);
        String usual = fields[2].strip().equals("-") ? "" : "`" + fields[2].strip() + "`";
        String meaning = fields[3].strip().replaceAll("[|<*]", "\\\\$0");
        rows.add(
            "| `%s` | %s | %s | %s |"
                .formatted(fields[0].strip(), fields[1].strip(), usual, meaning));
      }
    }
    return rows;
  }

  /** As docs/uploaders.md has it. */
  @Test
  void eachClustersFileShowsTheKeysOfAllUploaders() throws IOException {
    Sources sources = Sources.read();
    List<String> keys =
        KeyCatalogue.all().stream()
            .map(KnownKey::key)
            .filter(key -> key.startsWith("heron.uploader.") && sources.reads(key))
            .toList();
    assertThat(keys).hasSizeGreaterThan(25);
    try (Stream<Path> clusters = Files.list(ROOT.resolve("conf"))) {
      for (Path cluster : clusters.toList()) {
        Path file = cluster.resolve("uploader.yaml");
        if (Files.exists(file)) {
          String text = Files.readString(file);
          assertThat(keys)
              .as("keys in %s", file)
              .allMatch(key -> text.contains("\n" + key + ":") || text.contains("# " + key + ":"));
        }
      }
    }
  }

  private static boolean covers(String line, String key) {
    return Pattern.matches(Pattern.quote(line).replace("*", "\\E.*\\Q"), key);
  }

  /** The table's keys, with {@code *} for any text, each with its reason. */
  private static Map<String, String> said() throws IOException {
    Map<String, String> said = new LinkedHashMap<>();
    boolean inside = false;
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("## ")) {
        inside = line.equals(HEADING);
      }
      Matcher row = ROW.matcher(line);
      if (inside && row.matches()) {
        Matcher key = CODE.matcher(row.group(1));
        while (key.find()) {
          said.put(key.group(1), row.group(2));
        }
      }
    }
    return said;
  }

  private static List<String> upstreamKeys() throws IOException {
    try (InputStream in = ConfigurationKeysTest.class.getResourceAsStream("upstream-keys.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }
}
