package org.apache.heron.service.arguments;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The arguments of a scheduler process, with upstream's flags.
 *
 * @param topologyBinary base name of the jar or tar that holds the topology
 * @param httpPort to listen on; 0 takes any free one
 * @param properties of {@code -P}, for the scheduler
 * @param standby true if this process is to wait for another's end
 */
public record SchedulerArguments(
    String cluster,
    String role,
    String environment,
    String topology,
    String topologyBinary,
    int httpPort,
    Map<String, String> properties,
    boolean standby,
    boolean verbose,
    boolean help) {

  /** What {@code --help} prints. */
  public static final String USAGE =
      """
      usage: SchedulerMain -c CLUSTER -r ROLE -e ENVIRONMENT -n TOPOLOGY -f BINARY -p PORT [-Pkey=value…] [--standby] [-v]
        -c, --cluster            name of the cluster
        -r, --role               as whom containers run
        -e, --environment        environment of the topology
        -n, --topology_name      name of the topology; <name>.defn is in the working directory
        -f, --topology_bin       file name of the topology's jar or tar
        -p, --http_port          port for commands; 0 takes any free one
        -P, --property_override  key=value for the scheduler, may be repeated
            --standby            wait for the end of the process that schedules the topology
        -v, --verbose            log more
        -h, --help               print this""";

  private static final Map<String, String> SHORT =
      Map.of(
          "-c", "--cluster",
          "-r", "--role",
          "-e", "--environment",
          "-n", "--topology_name",
          "-f", "--topology_bin",
          "-p", "--http_port",
          "-P", "--property_override",
          "-v", "--verbose",
          "-h", "--help");
  private static final List<String> FLAGS = List.of("--standby", "--verbose", "--help");
  private static final List<String> REQUIRED =
      List.of(
          "--cluster",
          "--role",
          "--environment",
          "--topology_name",
          "--topology_bin",
          "--http_port");

  /** Copies the properties. */
  public SchedulerArguments {
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /**
   * Reads the command line: {@code --flag value}, {@code --flag=value}, {@code -f value}, {@code
   * -Pkey=value}.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static SchedulerArguments parse(String... args) {
    Map<String, String> values = new HashMap<>();
    Map<String, String> properties = new LinkedHashMap<>();
    Deque<String> rest = new ArrayDeque<>(Arrays.asList(args));
    while (!rest.isEmpty()) {
      String word = rest.remove();
      if (word.startsWith("-P") && word.length() > 2) {
        addProperty(properties, word.substring(2));
        continue;
      }
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String flag = equals < 0 ? SHORT.getOrDefault(word, word) : word.substring(0, equals);
      if (FLAGS.contains(flag)) {
        values.put(flag, "true");
        continue;
      }
      if (!SHORT.containsValue(flag)) {
        throw new IllegalArgumentException("unknown argument '" + word + "'");
      }
      if (equals < 0 && rest.isEmpty()) {
        throw new IllegalArgumentException(word + " needs a value");
      }
      String value = equals < 0 ? rest.remove() : word.substring(equals + 1);
      if (flag.equals("--property_override")) {
        addProperty(properties, value);
      } else {
        values.put(flag, value);
      }
    }
    return checked(values, properties);
  }

  private static void addProperty(Map<String, String> properties, String pair) {
    int equals = pair.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("property '" + pair + "' is not key=value");
    }
    properties.put(pair.substring(0, equals), pair.substring(equals + 1));
  }

  private static SchedulerArguments checked(
      Map<String, String> values, Map<String, String> properties) {
    boolean help = values.containsKey("--help");
    if (!help) {
      REQUIRED.stream()
          .filter(flag -> !isGiven(flag, values.get(flag)))
          .findFirst()
          .ifPresent(
              flag -> {
                throw new IllegalArgumentException("missing argument " + flag);
              });
    }
    return new SchedulerArguments(
        values.getOrDefault("--cluster", ""),
        values.getOrDefault("--role", ""),
        values.getOrDefault("--environment", ""),
        values.getOrDefault("--topology_name", ""),
        values.getOrDefault("--topology_bin", ""),
        help ? 0 : port(values.get("--http_port")),
        properties,
        values.containsKey("--standby"),
        values.containsKey("--verbose"),
        help);
  }

  // The environment may be empty, as in cluster/role without more; it must be given all the same.
  private static boolean isGiven(String flag, String value) {
    return value != null && (!value.isBlank() || flag.equals("--environment"));
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text.strip());
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Reported below, as a number that is no port.
    }
    throw new IllegalArgumentException("--http_port is '" + text + "', not a port from 0 to 65535");
  }
}
