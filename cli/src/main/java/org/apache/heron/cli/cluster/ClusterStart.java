package org.apache.heron.cli.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.heron.client.ClientException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * {@code heron cluster start}: starts the cluster's process and waits until it serves. A cluster
 * whose process died is brought back.
 */
@Command(
    name = "start",
    description =
        "Start ZooKeeper, a Mesos master and agents in the background. A cluster that was not"
            + " stopped but died is brought back, with its tasks.",
    sortOptions = false)
final class ClusterStart implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Spec private CommandSpec spec;
  @Mixin private ClusterShape shape;
  @Mixin private ClusterHome home;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "5050",
      description = "the master's port; 0 takes a free one (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--zookeeper-port",
      paramLabel = "PORT",
      defaultValue = "2181",
      description = "ZooKeeper's port; 0 takes a free one (default: ${DEFAULT-VALUE})")
  private int zookeeperPort;

  @Option(names = "--json", description = "print what was started as JSON")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!shape.problem().isEmpty()) {
      throw new ParameterException(spec.commandLine(), shape.problem());
    }
    Path directory = home.directory();
    refuseRunning(ClusterFile.read(directory));
    try (ClusterDirectory held = ClusterDirectory.forStart(directory)) {
      return start(held);
    }
  }

  private void refuseRunning(Optional<ClusterFile> present) {
    if (present.flatMap(ClusterFile::process).isPresent()) {
      throw new ClientException(
          "a cluster runs already: process "
              + present.get().pid()
              + ", master "
              + present.get().master()
              + "; stop it with '"
              + home.command("stop")
              + "'");
    }
  }

  private int start(ClusterDirectory held) throws IOException, InterruptedException {
    Path directory = held.path();
    // Another start may have been faster.
    Optional<ClusterFile> present = ClusterFile.read(directory);
    refuseRunning(present);
    Optional<ClusterFile> left = present.filter(file -> !file.agents().isEmpty());
    if (left.isPresent()) {
      refuseAnotherShape(left.get(), directory);
      port = ClusterFile.port(left.get().master());
      zookeeperPort = ClusterFile.port(left.get().zookeeper());
    } else {
      held.clear();
    }
    Path log = directory.resolve(ClusterProcess.LOG);
    Process process = spawn(directory, log);
    ClusterFile started = await(process, held, log, left.isPresent());
    print(started, log, left.isPresent());
    return 0;
  }

  /** What stood in the directory is brought back as it was, or not at all. */
  private void refuseAnotherShape(ClusterFile left, Path directory) {
    ParseResult said = spec.commandLine().getParseResult();
    boolean sameShape =
        left.shape().equals(shape.words())
            || ClusterShape.NAMES.stream().noneMatch(said::hasMatchedOption);
    boolean samePorts =
        samePort(said, "--port", port, left.master())
            && samePort(said, "--zookeeper-port", zookeeperPort, left.zookeeper());
    if (!sameShape || !samePorts) {
      throw new ClientException(
          "a cluster whose process died is in "
              + directory
              + ", with "
              + String.join(" ", left.shape())
              + ", master "
              + left.master()
              + ", ZooKeeper "
              + left.zookeeper()
              + "; '"
              + home.command("start")
              + "' brings it back so, '"
              + home.command("stop")
              + "' removes it");
    }
  }

  private static boolean samePort(ParseResult said, String option, int wanted, String address) {
    return !said.hasMatchedOption(option) || wanted == 0 || wanted == ClusterFile.port(address);
  }

  private Process spawn(Path directory, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    // A session of its own: the terminal's signals are not for the cluster.
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx512m",
            "-Dcom.google.protobuf.use_unsafe_pre22_gencode",
            "-Duser.home=" + System.getProperty("user.home"),
            "-Duser.name=" + System.getProperty("user.name"),
            "-cp",
            System.getProperty("java.class.path"),
            ClusterProcess.class.getName(),
            "--directory=" + directory,
            "--port=" + port,
            "--zookeeper-port=" + zookeeperPort));
    command.addAll(shape.words());
    return new ProcessBuilder(command)
        .redirectInput(new File("/dev/null"))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .directory(directory.toFile())
        .start();
  }

  private static ClusterFile await(Process process, ClusterDirectory held, Path log, boolean again)
      throws IOException, InterruptedException {
    Path directory = held.path();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      boolean ended = process.waitFor(50, TimeUnit.MILLISECONDS);
      Optional<ClusterFile> file = ClusterFile.read(directory);
      if (file.flatMap(ClusterFile::process).isPresent()) {
        return file.get();
      }
      if (ended) {
        String reason = lastError(log);
        if (again) {
          throw new ClientException(
              "the cluster that was in " + directory + " did not start again: " + reason);
        }
        held.remove();
        throw new ClientException("the cluster did not start: " + reason);
      }
    }
    process.destroyForcibly();
    throw new ClientException(
        "the cluster did not start within " + LIMIT.toSeconds() + " s; see " + log);
  }

  private static String lastError(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.startsWith("error: "))
          .reduce((first, second) -> second)
          .map(line -> line.substring("error: ".length()))
          .orElse("its process ended without a word");
    }
  }

  private void print(ClusterFile started, Path log, boolean again) throws IOException {
    if (json) {
      System.out.println(new ObjectMapper().writeValueAsString(started.asMap()));
      return;
    }
    if (again) {
      System.out.println("The cluster is back, with what it had on disk and the tasks that live.");
    }
    System.out.println("Mesos master  http://" + started.master() + "/state");
    System.out.println("ZooKeeper     " + started.zookeeper());
    System.out.println("Agents        " + started.agents().size());
    System.out.println("Log           " + log);
    System.out.println("Stop it with  " + home.command("stop"));
  }
}
