package org.apache.heron.scheduler.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.scheduler.local.process.Ports;
import org.apache.heron.scheduler.local.process.Remains;
import org.apache.heron.scheduler.local.sandbox.CorePackage;
import org.apache.heron.service.launch.WorkingDirectory;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.scheduler.SchedulerException;

/** This host, as {@code heron doctor} looks at it. */
final class LocalBackEnd implements BackEnd {
  private static final String DIRECTORY = "directory";
  private static final String CORE = "containers";
  private static final String PORTS = "ports";
  private static final String TOPOLOGY = "${TOPOLOGY}";
  private static final long LITTLE_ROOM = 1L << 30;

  private final Config local;

  /**
   * @throws ConfigException if a value is malformed
   */
  LocalBackEnd(Config local) {
    LocalSettings.timing(local);
    LocalSettings.health(local);
    this.local = local;
  }

  @Override
  public void check(Consumer<Finding> findings) {
    findings.accept(room());
    findings.accept(core());
    findings.accept(ports());
  }

  private Path directory(String topology) {
    String key = LocalSettings.WORKING_DIRECTORY_KEY;
    // There was no topology's name when the tokens were replaced.
    return Path.of(local.string(key).replace(TOPOLOGY, topology)).toAbsolutePath().normalize();
  }

  private Finding room() {
    Path wanted = directory("heron-doctor");
    String remedy =
        "correct "
            + LocalSettings.WORKING_DIRECTORY_KEY
            + " (from "
            + local.sourceOf(LocalSettings.WORKING_DIRECTORY_KEY)
            + ")";
    Path there = wanted.getParent();
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      return Finding.failed(DIRECTORY, "this user cannot write in " + there, remedy);
    }
    try {
      long free = Files.getFileStore(there).getUsableSpace();
      String text =
          "containers work below " + wanted.getParent() + "; " + (free >> 20) + " MB free";
      return free < LITTLE_ROOM
          ? Finding.warning(DIRECTORY, text, "make room, or " + remedy)
          : Finding.ok(DIRECTORY, text);
    } catch (IOException e) {
      return Finding.warning(DIRECTORY, "how much is free in " + there + ": " + e, remedy);
    }
  }

  private Finding core() {
    try {
      return Finding.ok(CORE, "are made from " + CorePackage.configured(local));
    } catch (SchedulerException | ConfigException e) {
      return Finding.failed(
          CORE, e.getMessage(), "correct that, or set " + Key.USE_CORE_PACKAGE_URI.text());
    }
  }

  private static Finding ports() {
    int count = ExecutorPort.values().length;
    try {
      Ports.choose(count, List.of(), Set.of());
      return Finding.ok(PORTS, "this host has the " + count + " free ports of a container");
    } catch (SchedulerException e) {
      return Finding.failed(PORTS, e.getMessage(), "raise the limit of open files or of ports");
    }
  }

  @Override
  public Life life(String topology) {
    return life(topology, Optional.empty());
  }

  @Override
  public Life life(String topology, Optional<ExecutionState> execution) {
    String ours = local.string(Key.ROLE);
    Optional<String> role = execution.map(ExecutionState::getRole);
    if (role.isPresent() && !role.get().equals(ours)) {
      return Life.unknown(
          "it is of role " + role.get() + ", not " + ours + "; heron doctor with that role tells");
    }
    Path directory = directory(topology);
    try {
      Optional<ProcessHandle> scheduler =
          new WorkingDirectory(directory, topology, LocalSettings.WORKING_DIRECTORY_KEY).process();
      if (scheduler.isPresent()) {
        return Life.running("its scheduler is process " + scheduler.get().pid());
      }
    } catch (SchedulerException e) {
      return Life.unknown(e.getMessage());
    }
    if (!Remains.canBeTold()) {
      return Life.unknown("this system does not tell which process is of which container");
    }
    int processes = Remains.countIn(directory);
    if (processes > 0) {
      return Life.running(processes + " processes of its containers run on this host");
    }
    String id = execution.map(ExecutionState::getTopologyId).orElse("");
    return Elsewhere.onThisHost(local, directory, topology, id)
        .map(Life::unknown)
        .orElseGet(() -> absent(directory, topology));
  }

  /** Shared state of several hosts holds topologies of all of them. */
  private Life absent(Path directory, String topology) {
    if (!Files.exists(directory) && !Elsewhere.isStateOfThisHost(local)) {
      return Life.unknown("there is no " + directory + " on this host; it may run on another");
    }
    if (Files.exists(directory) && !isOfUserThatIsSeen(directory)) {
      return Life.unknown(directory + " is another user's, whose processes cannot be seen");
    }
    boolean complete =
        new WorkingDirectory(directory, topology, LocalSettings.WORKING_DIRECTORY_KEY).isComplete();
    return Life.gone(
        "no process of it runs on this host"
            + (complete ? "; heron scheduler resume would start it again" : ""));
  }

  private static boolean isOfUserThatIsSeen(Path directory) {
    try {
      return Remains.canBeToldOf((Integer) Files.getAttribute(directory, "unix:uid"));
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
