package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks of the driver raw_exec as processes: in a directory of their own, with their templates
 * written there, Nomad's variables in the environment and in the task's texts, SIGTERM and, after
 * the task's time, SIGKILL.
 */
public final class RealTasks implements World.Tasks, AutoCloseable {
  private static final int LOWEST = 31_200;

  /** Up to where Linux begins to give ports to outgoing connections. */
  private static final int PORTS = 32_768 - LOWEST;

  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

  private final Map<String, Process> processes = new ConcurrentHashMap<>();
  private volatile Path directory;

  /** Where the allocations' directories are made. */
  public void runIn(Path allocations) throws IOException {
    directory = Files.createDirectories(allocations);
  }

  /** How many run. */
  public long alive() {
    return processes.values().stream().filter(Process::isAlive).count();
  }

  /** What all have written. */
  String output() throws IOException {
    StringBuilder text = new StringBuilder();
    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(path -> path.endsWith("output.txt")).toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }

  @Override
  public boolean answers(Alloc allocation, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Nobody but the task gets it: it is not given to outgoing connections, nor to another task. */
  @Override
  public Optional<Integer> port() {
    for (int i = 0; i < PORTS; i++) {
      int port = LOWEST + Math.floorMod(NEXT.getAndIncrement(), PORTS);
      try (ServerSocket socket = new ServerSocket(port)) {
        return Optional.of(socket.getLocalPort());
      } catch (BindException e) {
        // Somebody listens there; the next one then.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new IllegalStateException("no port is free from " + LOWEST + " on, of " + PORTS);
  }

  @Override
  public void start(World world, Alloc allocation) {
    JsonNode task = allocation.taskOf();
    try {
      Path home = Files.createDirectories(directory.resolve(allocation.id));
      for (JsonNode template : task.path("Templates")) {
        Files.writeString(
            home.resolve(template.path("DestPath").asText()),
            template.path("EmbeddedTmpl").asText());
      }
      List<String> command = new ArrayList<>();
      command.add(task.at("/Config/command").asText());
      task.at("/Config/args").forEach(word -> command.add(replaced(allocation, word.asText())));
      ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
      builder.redirectErrorStream(true).redirectOutput(home.resolve("output.txt").toFile());
      Map<String, String> environment = builder.environment();
      allocation.ports.forEach(
          (label, port) -> environment.put("NOMAD_PORT_" + label, Integer.toString(port)));
      environment.put("NOMAD_ALLOC_ID", allocation.id);
      task.path("Env")
          .properties()
          .forEach(
              entry ->
                  environment.put(entry.getKey(), replaced(allocation, entry.getValue().asText())));
      Process process = builder.start();
      processes.put(allocation.id, process);
      allocation.event("Started", "Task started by client");
      world.report(allocation, "running", "running");
      process.onExit().thenAccept(ended -> ended(world, allocation, ended.exitValue()));
    } catch (IOException e) {
      allocation.event("Driver Failure", String.valueOf(e.getMessage()));
      world.report(allocation, "failed", "dead");
    }
  }

  private static String replaced(Alloc allocation, String text) {
    String result = text.replace("${attr.unique.network.ip-address}", "127.0.0.1");
    for (Map.Entry<String, Integer> port : allocation.ports.entrySet()) {
      result =
          result.replace("${NOMAD_PORT_" + port.getKey() + "}", Integer.toString(port.getValue()));
    }
    return result;
  }

  private static void ended(World world, Alloc allocation, int code) {
    synchronized (world) {
      allocation.event("Terminated", "Exit Code: " + code);
      boolean asked = allocation.desired.equals("stop");
      world.report(allocation, asked ? "complete" : "failed", "dead");
      if (!asked) {
        world.reschedule(allocation);
      }
    }
  }

  @Override
  public void stop(World world, Alloc allocation) {
    Process process = processes.get(allocation.id);
    if (process == null) {
      world.report(allocation, "complete", "dead");
      return;
    }
    process.destroy();
    long nanos = allocation.taskOf().path("KillTimeout").asLong(5_000_000_000L);
    Thread killer =
        new Thread(
            () -> {
              try {
                if (!process.waitFor(nanos, TimeUnit.NANOSECONDS)) {
                  process.descendants().forEach(ProcessHandle::destroyForcibly);
                  process.destroyForcibly();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "kill-timeout");
    killer.setDaemon(true);
    killer.start();
  }

  @Override
  public void close() {
    for (Process process : processes.values()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
