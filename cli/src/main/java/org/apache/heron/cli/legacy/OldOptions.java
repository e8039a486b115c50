package org.apache.heron.cli.legacy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The words of a {@code heron-cli} command line, apart. Options may stand anywhere, as {@code
 * --option=value} or {@code --option value}; what is no option of this command is left in its
 * place.
 *
 * @param values of options that take one; of several the last counts
 * @param properties of {@code --config-property}, each {@code key=value}
 * @param switches options without a value
 * @param rest everything else, in its order
 */
record OldOptions(
    Map<String, String> values, List<String> properties, List<String> switches, List<String> rest) {
  static final String CONFIG_FILE = "--config-file";
  static final String CONFIG_LOADER = "--config-loader";
  static final String CONFIG_PATH = "--config-path";
  static final String VERBOSE = "--verbose";
  static final String DEACTIVATED = "--deactivated";
  static final String TRACE = "--trace-execution";
  static final String TEMPORARY = "--tmp-dir";
  private static final String CONFIG_PROPERTY = "--config-property";

  /** Every spelling of the options with a value. */
  private static final Map<String, String> WITH_VALUE =
      Map.of(
          CONFIG_FILE,
          CONFIG_FILE,
          "--scheduler-config",
          CONFIG_FILE,
          CONFIG_LOADER,
          CONFIG_LOADER,
          "--submitter-config-loader",
          CONFIG_LOADER,
          CONFIG_PATH,
          CONFIG_PATH,
          CONFIG_PROPERTY,
          CONFIG_PROPERTY,
          TEMPORARY,
          TEMPORARY);

  private static final Map<String, String> WITHOUT_VALUE =
      Map.of(
          VERBOSE,
          VERBOSE,
          DEACTIVATED,
          DEACTIVATED,
          "--deploy-deactivated",
          DEACTIVATED,
          TRACE,
          TRACE);

  OldOptions {
    values = Map.copyOf(values);
    properties = List.copyOf(properties);
    switches = List.copyOf(switches);
    rest = List.copyOf(rest);
  }

  /**
   * Takes the words apart.
   *
   * @throws OldUsageException if an option lacks its value
   */
  static OldOptions parse(List<String> words) {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> properties = new ArrayList<>();
    List<String> switches = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--")) {
        rest.addAll(words.subList(i, words.size()));
        break;
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      String option = WITH_VALUE.get(name);
      if (option != null) {
        if (equals < 0 && i + 1 == words.size()) {
          throw new OldUsageException("option " + name + " needs a value");
        }
        String value = equals < 0 ? words.get(++i) : word.substring(equals + 1);
        if (value.isBlank() && option.startsWith("--config-")) {
          // A script's variable that is not set: what it meant was not the usual configuration.
          throw new OldUsageException("option " + name + " needs a value");
        }
        if (option.equals(CONFIG_PROPERTY)) {
          properties.add(value);
        } else {
          values.put(option, value);
        }
      } else if (equals < 0 && WITHOUT_VALUE.containsKey(name)) {
        switches.add(WITHOUT_VALUE.get(name));
      } else {
        rest.add(word);
      }
    }
    return new OldOptions(values, properties, switches, rest);
  }

  Optional<String> value(String option) {
    return Optional.ofNullable(values.get(option)).filter(value -> !value.isBlank());
  }

  boolean has(String option) {
    return switches.contains(option);
  }
}
