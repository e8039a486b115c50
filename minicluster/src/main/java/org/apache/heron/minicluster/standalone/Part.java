package org.apache.heron.minicluster.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.heron.minicluster.ports.FreePort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One part of a cluster, which runs in a process of its own, or not. Its process ends when ours
 * does. Thread-safe.
 */
public final class Part implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Part.class);
  private static final Duration START_LIMIT = Duration.ofMinutes(5);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final long LOOK_MILLIS = 10;

  private final String name;
  private final Path log;
  private final Path ready;
  private final String kind;
  private final List<String> words;
  private final int port;
  private Optional<Process> process = Optional.empty();

  /**
   * @param name of its files in the directory
   * @param kind as {@link PartMain} takes it
   * @param words its options without {@code --port} and {@code --ready}
   * @throws IOException if no port is free
   */
  Part(Path directory, String name, String kind, List<String> words) throws IOException {
    this.port = FreePort.find();
    this.name = name;
    this.log = directory.resolve(name + ".log");
    this.ready = directory.resolve(name + ".ready");
    this.kind = kind;
    this.words = List.copyOf(words);
  }

  /** What it is called: {@code zookeeper}, {@code master}, {@code agent1}, … */
  public String name() {
    return name;
  }

  /** The port, which stays the same over restarts. */
  public int port() {
    return port;
  }

  /** {@code host:port}. */
  public String address() {
    return "127.0.0.1:" + port();
  }

  /** The id of its process; empty if it does not run. */
  public synchronized Optional<Long> pid() {
    return process.filter(Process::isAlive).map(Process::pid);
  }

  /**
   * Starts its process, and returns when it serves; a master may not lead yet then.
   *
   * @throws IOException if it cannot be started; the message says why
   * @throws IllegalStateException if it runs
   */
  public synchronized void start() throws IOException {
    if (pid().isPresent()) {
      throw new IllegalStateException(name + " runs already, process " + pid().get());
    }
    Files.deleteIfExists(ready);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx192m",
            "-Dcom.google.protobuf.use_unsafe_pre22_gencode",
            "-cp",
            System.getProperty("java.class.path"),
            PartMain.class.getName(),
            kind));
    command.addAll(words);
    command.add("--port=" + port);
    command.add("--ready=" + ready);
    ProcessBuilder.Redirect toLog = ProcessBuilder.Redirect.appendTo(log.toFile());
    Process started =
        new ProcessBuilder(command).redirectOutput(toLog).redirectError(toLog).start();
    process = Optional.of(started);
    awaitServing(started);
  }

  private void awaitServing(Process started) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() - deadline < 0) {
      boolean ended = ended(started, Duration.ofMillis(LOOK_MILLIS));
      if (Files.exists(ready)) {
        return;
      }
      if (ended) {
        throw new IOException(
            name + " ended with status " + started.exitValue() + "; its log is " + log);
      }
    }
    crash(started);
    throw new IOException(
        name + " does not serve after " + START_LIMIT.toSeconds() + " s; its log is " + log);
  }

  private static boolean ended(Process process, Duration patience) throws IOException {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for process " + process.pid(), e);
    }
  }

  /** Its process dies of SIGKILL. Does nothing if it does not run. */
  public synchronized void kill() throws IOException {
    if (process.isPresent()) {
      crash(process.get());
    }
    process = Optional.empty();
  }

  private void crash(Process dying) throws IOException {
    dying.destroyForcibly();
    if (!ended(dying, STOP_LIMIT)) {
      throw new IOException(name + ", process " + dying.pid() + ", does not die");
    }
  }

  /** Lets it end in order, an agent with its tasks; kills it if that takes too long. Idempotent. */
  @Override
  public synchronized void close() {
    if (process.isEmpty()) {
      return;
    }
    Process ending = process.get();
    process = Optional.empty();
    try {
      ending.getOutputStream().close();
      if (!ended(ending, STOP_LIMIT)) {
        LOG.warn("{} does not end, its log is {}", name, log);
        crash(ending);
      }
    } catch (IOException e) {
      LOG.warn("{} did not end in order", name, e);
      ending.destroyForcibly();
    }
  }
}
