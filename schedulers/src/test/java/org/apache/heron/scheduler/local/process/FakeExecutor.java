package org.apache.heron.scheduler.local.process;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Stands for heron-executor: listens at its shell port until it is told to end. What else it does
 * is in the file {@code behaviour} of the scheduler's directory, if there is one: {@code fail}
 * (says why and ends), {@code taken} (as if a port were taken, the first time), {@code stubborn}
 * (does not end when told to), {@code child} (leaves a child behind).
 */
public final class FakeExecutor {
  private FakeExecutor() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of("..", "behaviour");
    String behaviour = Files.exists(file) ? Files.readString(file).strip() : "";
    Files.write(Path.of("arguments"), List.of(arguments));
    switch (behaviour) {
      case "fail" -> {
        System.err.println("no such model");
        System.exit(3);
      }
      case "taken" -> {
        if (!Files.exists(Path.of("clashed"))) {
          Files.createFile(Path.of("clashed"));
          System.err.println("cannot listen on 127.0.0.1:1: Address already in use");
          System.exit(1);
        }
      }
      case "stubborn" ->
          Runtime.getRuntime()
              .addShutdownHook(
                  new Thread(
                      () -> {
                        try {
                          Thread.currentThread().join();
                        } catch (InterruptedException e) {
                          throw new IllegalStateException(e);
                        }
                      }));
      case "child" ->
          // In a session of its own, as a daemon; only the environment tells whose it is.
          new ProcessBuilder("setsid", "sh", "-c", "echo $$ > daemon.pid; exec sleep 600")
              .start()
              .onExit();
      default -> {}
    }
    String port = flag(arguments, "--shell-port=");
    try (ServerSocket socket =
        new ServerSocket(Integer.parseInt(port), 5, InetAddress.getLoopbackAddress())) {
      while (true) {
        socket.accept().close();
      }
    }
  }

  private static String flag(String[] arguments, String flag) {
    for (String argument : arguments) {
      if (argument.startsWith(flag)) {
        return argument.substring(flag.length());
      }
    }
    throw new IllegalArgumentException("no " + flag);
  }
}
