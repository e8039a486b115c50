package org.apache.heron.scheduler.local.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Stands for heron-executor: listens at its shell port until it is told to end, and is well unless
 * there is a file {@code unwell} in its directory, which says why; what it has said last is in the
 * file {@code asked}. What else it does is in the file {@code behaviour} of the scheduler's
 * directory, if there is one: {@code fail} (says why and ends), {@code taken} (as if a port were
 * taken, the first time), {@code stubborn} (does not end when told to), {@code child} (leaves a
 * child behind).
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
        answer(socket.accept());
      }
    }
  }

  private static void answer(Socket caller) {
    try (caller) {
      caller.setSoTimeout(5_000);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(caller.getInputStream(), StandardCharsets.US_ASCII));
      String line = in.readLine();
      while (line != null && !line.isEmpty()) {
        line = in.readLine();
      }
      // Whoever says nothing only wanted to know whether somebody is here.
      if (line != null) {
        Path unwell = Path.of("unwell");
        boolean well = !Files.exists(unwell);
        String text = well ? "ok" : Files.readString(unwell);
        String head =
            "HTTP/1.1 " + (well ? "200 OK" : "503 no") + "\r\nContent-Length: " + text.length();
        caller
            .getOutputStream()
            .write((head + "\r\n\r\n" + text).getBytes(StandardCharsets.US_ASCII));
        Files.writeString(Path.of("asked"), text);
      }
    } catch (IOException e) {
      System.err.println("a caller has gone: " + e);
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
