package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The {@code heron} command as a user has it: the script of the built home, in a process of its
 * own, with an empty HOME and a copy of the configuration.
 */
public final class Heron {
  private static final Path BUILT_HOME =
      Path.of("").toAbsolutePath().getParent().resolve("distribution/target/home");
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final Path userHome;
  private final Path conf;
  private final Map<String, String> variables = new TreeMap<>();
  private List<String> runner = List.of();

  private Heron(Path userHome, Path conf) {
    this.userHome = userHome;
    this.conf = conf;
  }

  /** A command whose HOME and configuration are under the directory. */
  public static Heron in(Path directory) throws IOException {
    assertThat(BUILT_HOME.resolve("bin/heron")).as("the built home").exists();
    Path userHome = Files.createDirectories(directory.resolve("home"));
    Path conf = directory.resolve("conf");
    try (Stream<Path> files = Files.walk(BUILT_HOME.resolve("conf"))) {
      for (Path file : files.toList()) {
        Path target = conf.resolve(BUILT_HOME.resolve("conf").relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return new Heron(userHome, conf);
  }

  /** Gives the commands a variable of the environment. */
  public Heron variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  /** Has the commands run by another program, whose words these are. */
  Heron under(List<String> words) {
    runner = List.copyOf(words);
    return this;
  }

  /** The HOME of the commands. */
  public Path userHome() {
    return userHome;
  }

  /** The cluster's configuration folder. */
  public Path conf(String cluster) {
    return conf.resolve(cluster);
  }

  /** Puts keys into a file of the cluster's configuration, in place of what it says. */
  public Heron configure(String cluster, String file, Map<String, String> values)
      throws IOException {
    Path path = conf.resolve(cluster).resolve(file);
    List<String> lines = new ArrayList<>();
    if (Files.exists(path)) {
      for (String line : Files.readAllLines(path)) {
        if (values.keySet().stream().noneMatch(key -> line.startsWith(key + ":"))) {
          lines.add(line);
        }
      }
    }
    new TreeMap<>(values).forEach((key, value) -> lines.add(key + ": \"" + value + "\""));
    Files.write(path, lines);
    return this;
  }

  /** The built installation. */
  static Path home() {
    return BUILT_HOME;
  }

  /** The examples' jar. */
  public static Path examples() {
    return BUILT_HOME.resolve("dist/examples/heron-examples.jar");
  }

  /** Runs a command to its end; {@code --config-path} is added where it belongs. */
  public Result run(String... arguments) throws IOException, InterruptedException {
    Process process = start(List.of(arguments), Map.of());
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
        .as("heron %s ends", List.of(arguments))
        .isTrue();
    return new Result(
        process.exitValue(), read(process, "out"), read(process, "err"), List.of(arguments));
  }

  /**
   * As {@link #run}, in this JVM and without the variables: for commands whose words alone count,
   * because each start of a JVM takes its second. Not while another thread does that.
   */
  public Result runHere(List<String> arguments) {
    List<String> words = new ArrayList<>(arguments);
    if (takesConfigPath(arguments.get(0))) {
      words.addAll(List.of("--config-path", conf.toString()));
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Map<String, String> saved =
        Map.of(
            "heron.home", System.getProperty("heron.home", ""),
            "user.home", System.getProperty("user.home"));
    System.setProperty("heron.home", BUILT_HOME.toString());
    System.setProperty("user.home", userHome.toString());
    try {
      int exit =
          org.apache.heron.cli.Heron.run(
              new PrintWriter(out, true), new PrintWriter(err, true), words.toArray(String[]::new));
      return new Result(exit, out.toString(), err.toString(), words);
    } finally {
      saved.forEach(System::setProperty);
    }
  }

  /** Starts a command; its output goes to files under HOME. */
  Process start(List<String> arguments, Map<String, String> environment) throws IOException {
    List<String> words = new ArrayList<>(runner);
    words.add("sh");
    words.add(BUILT_HOME.resolve("bin/heron").toString());
    words.addAll(arguments);
    if (!arguments.isEmpty() && takesConfigPath(arguments.get(0))) {
      words.add("--config-path");
      words.add(conf.toString());
    }
    Path output = Files.createTempDirectory(userHome.getParent(), "run");
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("HOME", userHome.toString());
    builder.environment().putAll(variables);
    builder.environment().putAll(environment);
    builder.directory(userHome.toFile());
    builder.redirectOutput(output.resolve("out").toFile());
    builder.redirectError(output.resolve("err").toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    Process process = builder.start();
    outputs.put(process.pid(), output);
    return process;
  }

  private final Map<Long, Path> outputs = new java.util.concurrent.ConcurrentHashMap<>();

  /** What a started command has printed so far. */
  String read(Process process, String which) throws IOException {
    return Files.readString(outputs.get(process.pid()).resolve(which), StandardCharsets.UTF_8);
  }

  private static boolean takesConfigPath(String command) {
    return switch (command) {
      case "submit",
          "plan",
          "kill",
          "activate",
          "deactivate",
          "restart",
          "update",
          "explain",
          "history",
          "doctor",
          "scheduler" ->
          true;
      default -> false;
    };
  }

  /** What a command printed and how it ended. */
  public record Result(int exit, String out, String err, List<String> arguments) {
    public Result succeeds() {
      assertThat(exit).as("exit code of %s%n%s%n%s", arguments, out, err).isZero();
      return this;
    }

    /**
     * Fails with that exit code, says so in one ERROR line that holds the words, no stack trace.
     */
    public Result failsWith(int code, String... words) {
      assertThat(exit).as("exit code of %s%n%s%n%s", arguments, out, err).isEqualTo(code);
      assertThat(err).as("error of %s", arguments).contains(words);
      assertThat(out + err).as("no stack trace").doesNotContain("\tat org.", "\tat java.");
      return this;
    }
  }
}
