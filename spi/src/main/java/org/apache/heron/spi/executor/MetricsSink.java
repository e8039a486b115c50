package org.apache.heron.spi.executor;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.ConfigLoader;

/**
 * A sink that metrics_sinks.yaml switches on.
 *
 * @param file it is in
 * @param id under which its settings stand
 * @param className of upstream's core; empty if none is named
 */
public record MetricsSink(Path file, String id, String className, Map<?, ?> settings) {

  /**
   * The sinks that a file switches on, in its order.
   *
   * @throws ConfigException if the file cannot be read
   */
  public static List<MetricsSink> in(Path file) {
    Config sinks = ConfigLoader.loadFiles(List.of(file));
    Map<String, Object> values = sinks.asMap();
    return listed(values)
        .distinct()
        .flatMap(
            id ->
                values.get(id) instanceof Map<?, ?> settings
                    ? Stream.of(new MetricsSink(file, id, className(settings), settings))
                    : Stream.empty())
        .toList();
  }

  /** Upstream starts those alone that the list names. */
  private static Stream<String> listed(Map<String, Object> values) {
    return values.get("sinks") instanceof List<?> listed
        ? listed.stream().map(String::valueOf)
        : Stream.empty();
  }

  private static String className(Map<?, ?> settings) {
    return settings.get("class") == null ? "" : String.valueOf(settings.get("class"));
  }

  /** The class without its package: upstream has moved them. */
  public String type() {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  /** A setting; empty if it is missing or blank. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(settings.get(key)).map(String::valueOf).filter(t -> !t.isBlank());
  }

  /**
   * A whole number.
   *
   * @throws ConfigException if it is missing, none, or not in the range
   */
  public long number(String key, long least, long most) {
    String text = text(key).map(String::strip).orElse("");
    if (text.matches("\\d{1,18}")) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new ConfigException(
        key
            + " of the sink "
            + id
            + " in "
            + file
            + " is '"
            + text
            + "'; it must be a number from "
            + least
            + " to "
            + most);
  }
}
