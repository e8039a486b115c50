package org.apache.heron.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.heron.cli.console.ConsoleLogging;
import org.apache.heron.client.ClientException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code heron demo}: everything at once on one machine, from nothing and back to nothing. */
@Command(
    name = "demo",
    description =
        "Start an embedded ZooKeeper and Mesos, submit a topology, and show it until Ctrl-C",
    sortOptions = false,
    footer = {
      "",
      "Ports and files are of its own: a demo disturbs no other cluster and leaves nothing behind.",
      "Exit code 0 when all containers ran and every component moved tuples, else 1.",
      "",
      "Examples:",
      "  heron demo",
      "  heron demo --duration 30s --agents 2"
    })
public final class DemoCommand implements Callable<Integer> {
  private static final String TOPOLOGY = "WordCountTopology";
  private static final String MAIN = "org.apache.heron.examples.api.WordCountTopology";

  @Spec private CommandSpec spec;
  @Mixin private ClusterShape shape;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "end by itself after so long, for example 30s or 5m (default: until Ctrl-C)")
  private Duration duration;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ConsoleLogging.activate(false);
    if (!shape.problem().isEmpty()) {
      throw new ParameterException(spec.commandLine(), shape.problem());
    }
    Path home = Path.of(System.getProperty("heron.home", "."));
    Path examples = home.resolve("dist/examples/heron-examples.jar");
    if (!Files.exists(examples)) {
      throw new ClientException(examples + " is missing; build or unpack the distribution again");
    }
    Path directory = Files.createTempDirectory("heron-demo-");
    DemoRun run = new DemoRun(spec.commandLine().getParent(), directory, shape);
    Thread atExit = new Thread(run::close, "demo-end");
    Runtime.getRuntime().addShutdownHook(atExit);
    boolean moved;
    try {
      moved = run.start(TOPOLOGY, MAIN, examples) && run.watch(duration);
    } finally {
      run.close();
      removeHook(atExit);
    }
    if (!moved) {
      System.err.println("demo: " + run.problem());
    }
    return moved ? 0 : 1;
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // Ctrl-C has begun the shutdown: the hook has run, or is waiting for close() to return.
      return;
    }
  }

  /** Reads {@code 30s}, {@code 5m}, {@code 1h}, or a bare number of seconds. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      String value = text.trim().toLowerCase(Locale.ROOT);
      try {
        Duration parsed =
            value.matches("[0-9]+")
                ? Duration.ofSeconds(Long.parseLong(value))
                : Duration.parse("PT" + value);
        if (parsed.isNegative() || parsed.isZero()) {
          throw new TypeConversionException("'" + text + "' must be above 0");
        }
        return parsed;
      } catch (NumberFormatException | java.time.format.DateTimeParseException e) {
        throw new TypeConversionException(
            "'"
                + text
                + "' is not a time; write for example "
                + String.join(" or ", List.of("30s", "5m")));
      }
    }
  }
}
