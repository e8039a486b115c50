package org.apache.heron.downloader;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The command line, as upstream has it. Pure.
 *
 * @param configDirectory empty: {@code ./heron-conf}
 */
record Arguments(URI uri, Path destination, Optional<Path> home, Optional<Path> configDirectory) {
  static final String USAGE =
      """
      usage: heron-downloader -u <uri> -f <directory> [-m cluster | -m local -d <heron home> -p <config path>]
             heron-downloader <uri> <directory>
        -u, --topology_package_uri  package: file, http, https, hdfs, s3, or what the registry names
        -f, --extract_destination   directory for what is in it; made if it is not there
        -m, --mode                  cluster: configuration in ./heron-conf, if it is there; local: in -p
        -d, --heron_home            installation, for mode local
        -p, --config_path           directory of the cluster's YAML files, for mode local
        -h, --help                  this text
      """;

  private static final Map<String, String> OPTIONS =
      Map.of(
          "-u", "--topology_package_uri",
          "-f", "--extract_destination",
          "-d", "--heron_home",
          "-p", "--config_path",
          "-m", "--mode");

  /** What is wrong with a command line, in one line. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  /** Empty if only help is wanted. */
  static Optional<Arguments> parse(List<String> words) throws UsageException {
    Map<String, String> options = new HashMap<>();
    List<String> others = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("-h") || word.equals("--help")) {
        return Optional.empty();
      }
      int equals = word.indexOf('=');
      String name = word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
      String option = OPTIONS.getOrDefault(name, name);
      if (OPTIONS.containsValue(option)) {
        String value;
        if (name.length() < word.length()) {
          value = word.substring(equals + 1);
        } else if (++i < words.size()) {
          value = words.get(i);
        } else {
          throw new UsageException(word + " wants a value");
        }
        options.put(option, value);
      } else if (word.startsWith("-") && word.length() > 1) {
        throw new UsageException("there is no option " + word);
      } else {
        others.add(word);
      }
    }
    return Optional.of(of(options, others));
  }

  private static Arguments of(Map<String, String> options, List<String> others)
      throws UsageException {
    String uri = options.get("--topology_package_uri");
    String destination = options.get("--extract_destination");
    if (uri == null && destination == null && others.size() == 2) {
      uri = others.get(0);
      destination = others.get(1);
    } else if (uri == null || destination == null || !others.isEmpty()) {
      throw new UsageException("the package's URI and the directory for it are wanted, no more");
    }
    Optional<Path> home = path(options, "--heron_home");
    Optional<Path> config = path(options, "--config_path");
    String mode = options.getOrDefault("--mode", "cluster");
    if (!mode.equals("cluster") && !mode.equals("local")) {
      throw new UsageException("--mode is '" + mode + "', but must be cluster or local");
    }
    if (mode.equals("local") && (home.isEmpty() || config.isEmpty())) {
      throw new UsageException("Missing heron_home or config_path argument");
    }
    boolean local = mode.equals("local");
    return new Arguments(
        uri(uri),
        path(destination, "--extract_destination"),
        local ? home : Optional.empty(),
        local ? config : Optional.empty());
  }

  private static Optional<Path> path(Map<String, String> options, String name)
      throws UsageException {
    String text = options.get(name);
    return text == null ? Optional.empty() : Optional.of(path(text, name));
  }

  private static Path path(String text, String name) throws UsageException {
    try {
      if (!text.isBlank()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    throw new UsageException(name + " is '" + text + "', but must be a path");
  }

  /**
   * A path counts, too, as upstream's uploader by scp gives it: as it stands, with spaces and
   * percent signs that a URI could not have.
   */
  private static URI uri(String text) throws UsageException {
    if (text.startsWith("/")) {
      return path(text, "the package").toUri();
    }
    try {
      URI uri = new URI(text);
      if (uri.getScheme() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new UsageException("'" + text + "' is no URI: " + e.getReason());
    }
    throw new UsageException("'" + text + "' is neither a URI nor an absolute path");
  }
}
