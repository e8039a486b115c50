package org.apache.heron.cli.legacy;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.heron.cli.console.Console;
import org.apache.heron.cli.console.Terminal;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.settings.HeronHome;

/**
 * {@code heron-cli}: says an old command line in the words of today, and has those carried out.
 * What is printed and how it ends is the present command's; before it stands, on standard error,
 * what to write instead.
 */
public final class OldCommandLine {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private static final Set<String> COMMANDS =
      Set.of("submit", "activate", "deactivate", "kill", "restart");

  private static final Pattern TOPOLOGY_FILE =
      Pattern.compile(".*\\.(?:jar|tar|tar\\.gz|tgz|pex|so|dylib)");

  private static final Pattern NUMBER = Pattern.compile("-?\\d+");

  /** Hidden among today's options: the clusters of today have directories of their names. */
  private static final String CLUSTER_DIRECTORY = "--cluster-directory";

  private OldCommandLine() {}

  /**
   * Carries it out.
   *
   * @param words without the program's name
   * @param heron carries out today's words and returns the exit code
   */
  public static int run(
      PrintWriter out, PrintWriter err, List<String> words, Function<List<String>, Integer> heron) {
    String command = words.isEmpty() ? "help" : words.get(0);
    switch (command) {
      case "help", "-h", "--help" -> {
        help(out);
        return OK;
      }
      case "version" -> {
        return heron.apply(List.of("version"));
      }
      case "classpath" -> {
        out.println(System.getProperty("java.class.path"));
        return OK;
      }
      default -> {}
    }
    if (!COMMANDS.contains(command)) {
      err.println("heron-cli: unknown command '" + command + "'; heron-cli help lists them");
      return USAGE;
    }
    Console console = new Console(out, err, Terminal.on(Terminal.ERR), false);
    try {
      Today today = translate(command, words.subList(1, words.size()));
      today.notes().forEach(console::warn);
      console.info("heron-cli is the command of 2016; today: heron " + today.text());
      return heron.apply(today.words());
    } catch (OldUsageException e) {
      err.println("heron-cli: error: " + e.getMessage());
      return USAGE;
    } catch (ClientException e) {
      console.error(e.getMessage());
      return FAILED;
    }
  }

  /**
   * Today's words.
   *
   * @param words which are carried out
   * @param notes what the user had better know, a line each
   */
  record Today(List<String> words, List<String> notes) {
    /** For the user to copy: without the directory that a note tells to make. */
    String text() {
      List<String> shown = new ArrayList<>(words);
      int directory = shown.indexOf(CLUSTER_DIRECTORY);
      if (directory >= 0) {
        shown.subList(directory, directory + 2).clear();
      }
      StringBuilder text = new StringBuilder();
      for (String word : shown) {
        text.append(text.isEmpty() ? "" : " ")
            .append(
                word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'");
      }
      return text.toString();
    }
  }

  /** Says it in the words of today. */
  static Today translate(String command, List<String> words) {
    OldOptions options = OldOptions.parse(words);
    List<String> rest = new ArrayList<>(options.rest());
    Optional<String> first = takeFirst(command, rest);
    requireArguments(command, rest);

    OldConfig config = new OldConfig();
    Optional<String> argument = first.filter(text -> !OldConfig.isOverrides(text));
    String named = argument.map(text -> text.split("/", -1)[0]).orElse("");
    Optional<Path> root = addPath(options, config, named);
    options
        .value(OldOptions.CONFIG_FILE)
        .ifPresent(file -> config.addFile(OldConfig.path(OldOptions.CONFIG_FILE, file)));
    first.filter(OldConfig::isOverrides).ifPresent(config::addOverrides);
    options.properties().forEach(config::addProperty);

    String directory = directory(options, config, named);
    OldPlace asked = OldPlace.of(argument, config);
    OldPlace place = asked.cluster().isEmpty() ? asked.in(directory) : asked;
    OldValues.Carried carried = OldValues.carry(config, place);
    Optional<Path> other = otherDirectory(root, directory, place.cluster());
    List<String> notes = new ArrayList<>(carried.notes());
    other.ifPresent(path -> notes.add(noteOn(path, place.cluster())));

    List<String> today = new ArrayList<>();
    today.add(command);
    root.ifPresent(path -> today.addAll(List.of("--config-path", path.toString())));
    other.ifPresent(path -> today.addAll(List.of(CLUSTER_DIRECTORY, path.toString())));
    carried
        .properties()
        .forEach((key, value) -> today.addAll(List.of("--config-property", key + "=" + value)));
    today.addAll(switches(command, options, config));
    today.add(place.argument());
    today.addAll(rest);
    return new Today(today, notes);
  }

  /** A cluster of another name than its directory's, as those of Aurora and Mesos often were. */
  private static Optional<Path> otherDirectory(
      Optional<Path> root, String directory, String cluster) {
    Path clusters = root.orElseGet(() -> HeronHome.find().resolve("conf"));
    if (cluster.equals(directory) || Files.isDirectory(clusters.resolve(cluster))) {
      return Optional.empty();
    }
    if (cluster.isBlank() || cluster.startsWith(".")) {
      throw new OldUsageException("'" + cluster + "' cannot be a cluster's name");
    }
    Path other = clusters.resolve(directory).toAbsolutePath().normalize();
    if (!Files.isDirectory(other)) {
      throw new ClientException("Cluster config directory '" + other + "' does not exist");
    }
    return Optional.of(other);
  }

  private static String noteOn(Path directory, String cluster) {
    return "cluster "
        + cluster
        + " has no directory, and "
        + directory
        + " is read; instead: make "
        + directory.resolveSibling(cluster)
        + ", a copy of that or a link to it";
  }

  private static List<String> switches(String command, OldOptions options, OldConfig config) {
    List<String> switches = new ArrayList<>();
    boolean verbose = config.get("heron.verbose").filter(text -> text.equals("true")).isPresent();
    if (options.has(OldOptions.VERBOSE) || options.has(OldOptions.TRACE) || verbose) {
      switches.add("--verbose");
    }
    if (options.has(OldOptions.DEACTIVATED) && command.equals("submit")) {
      switches.add("--deploy-deactivated");
    }
    return switches;
  }

  /** The overrides or the place, if the command line has either. */
  private static Optional<String> takeFirst(String command, List<String> rest) {
    if (rest.isEmpty()) {
      return Optional.empty();
    }
    String first = rest.get(0);
    boolean certain = OldConfig.isOverrides(first) || first.contains("/");
    boolean there =
        switch (command) {
          case "submit" -> !TOPOLOGY_FILE.matcher(first).matches() && (certain || rest.size() > 2);
          case "restart" ->
              certain
                  || rest.size() > 2
                  || (rest.size() == 2 && !NUMBER.matcher(rest.get(1)).matches());
          default -> certain || rest.size() > 1;
        };
    if (there) {
      rest.remove(0);
      return Optional.of(first);
    }
    return Optional.empty();
  }

  private static void requireArguments(String command, List<String> rest) {
    int least = command.equals("submit") ? 2 : 1;
    int most =
        switch (command) {
          case "submit" -> Integer.MAX_VALUE;
          case "restart" -> 2;
          default -> 1;
        };
    if (rest.size() < least || rest.size() > most) {
      throw new OldUsageException("usage: " + usage(command));
    }
  }

  /**
   * Reads what {@code --config-path} names: a file, or a directory with a file for the loader.
   *
   * @return the directory, if clusters of today may be in it
   */
  private static Optional<Path> addPath(OldOptions options, OldConfig config, String named) {
    Optional<Path> given =
        options
            .value(OldOptions.CONFIG_PATH)
            .map(text -> OldConfig.path(OldOptions.CONFIG_PATH, text));
    if (given.isEmpty()) {
      return given;
    }
    Path path = given.get();
    if (Files.isRegularFile(path)) {
      config.addFile(path);
      return Optional.empty();
    }
    boolean old = false;
    for (OldLoader loader : OldLoader.values()) {
      Path file = path.resolve(loader.directory() + "_scheduler.conf");
      boolean meant =
          options
              .value(OldOptions.CONFIG_LOADER)
              .map(OldLoader::of)
              .orElse(OldLoader.AURORA)
              .equals(loader);
      if (meant && Files.isRegularFile(file)) {
        config.addFile(file);
        old = true;
      }
    }
    Path own = path.resolve("cluster").resolve(named + ".conf");
    if (!named.isEmpty() && Files.isRegularFile(own)) {
      config.addFile(own);
    }
    return old ? Optional.empty() : given;
  }

  private static String directory(OldOptions options, OldConfig config, String named) {
    Optional<OldLoader> loader = options.value(OldOptions.CONFIG_LOADER).map(OldLoader::of);
    if (loader.isPresent() && loader.get() != OldLoader.DEFAULT) {
      return loader.get().directory();
    }
    for (String key : List.of("scheduler.class", "launcher.class", "heron.class.scheduler")) {
      Optional<OldLoader> found = config.get(key).flatMap(OldLoader::ofScheduler);
      if (found.isPresent()) {
        return found.get().directory();
      }
    }
    if (!named.isEmpty()) {
      return named;
    }
    if (loader.isPresent()) {
      throw new OldUsageException(
          "which cluster is meant? "
              + options.value(OldOptions.CONFIG_LOADER).orElse("")
              + " reads scheduler.class, which neither --config-file nor the overrides set; give"
              + " cluster/role/environment as first argument");
    }
    // What the option stood for when it was left out.
    return OldLoader.AURORA.directory();
  }

  private static String usage(String command) {
    String first = "heron-cli " + command + " [\"key:value …\" | cluster/[role]/[env]] ";
    return switch (command) {
      case "submit" -> first + "topology-file class [arguments] [options]";
      case "restart" -> first + "topology [shard] [options]";
      default -> first + "topology [options]";
    };
  }

  private static void help(PrintWriter out) {
    out.println("heron-cli is the command of 2016, for scripts that use it. Today's is heron.");
    out.println();
    Arrays.asList("submit", "activate", "deactivate", "restart", "kill")
        .forEach(command -> out.println("  " + usage(command)));
    out.println("  heron-cli version | classpath | help");
    out.println();
    out.println("Options:");
    out.println("  --config-file FILE        lines key:value that override the cluster's files");
    out.println(
        "  --config-loader CLASS     AuroraConfigLoader, MesosConfigLoader, LocalConfigLoader");
    out.println(
        "                            of com.twitter.heron.scheduler: which cluster is meant");
    out.println("  --config-path PATH        parent of the clusters' directories, or one of 0.13");
    out.println("  --config-property K=V     sets a value over all files; may be repeated");
    out.println("  --deactivated             submit: start with paused spouts");
    out.println("  --verbose                 say everything");
    out.println();
    out.println("Examples: conf/legacy/mesos_scheduler.conf, conf/legacy/aurora_scheduler.conf");
    out.flush();
  }
}
