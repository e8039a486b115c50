package org.apache.heron.tests.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds and ends processes by something that only the test's own processes have. */
public final class Processes {
  private Processes() {}

  /** Live processes whose command line, working directory or environment holds the text. */
  public static List<ProcessHandle> mentioning(String text) {
    return ProcessHandle.allProcesses()
        .filter(handle -> handle.pid() != ProcessHandle.current().pid())
        .filter(ProcessHandle::isAlive)
        .filter(handle -> mentions(handle.pid(), text))
        .toList();
  }

  private static boolean mentions(long pid, String text) {
    Path proc = Path.of("/proc", Long.toString(pid));
    try (Stream<String> files = Stream.of("cmdline", "environ")) {
      if (files.anyMatch(file -> read(proc.resolve(file)).contains(text))) {
        return true;
      }
      return Files.readSymbolicLink(proc.resolve("cwd")).toString().contains(text);
    } catch (IOException e) {
      return false; // it has ended, or is a kernel thread
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** The command that a process was started with. */
  static List<String> words(ProcessHandle handle) {
    return List.of(read(Path.of("/proc", Long.toString(handle.pid()), "cmdline")).split("\0"));
  }

  /** The value of a variable in the process' environment as it was started with. */
  public static Optional<String> variable(ProcessHandle handle, String name) {
    String environment = read(Path.of("/proc", Long.toString(handle.pid()), "environ"));
    return Stream.of(environment.split("\0"))
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .findFirst();
  }

  /** Ends a process as a crash does, and waits until it is gone. */
  public static void crash(ProcessHandle handle) {
    handle.destroyForcibly();
    handle.onExit().join();
  }

  /**
   * Stops a process (SIGSTOP) and lets it run on after that time, whatever becomes of us meanwhile.
   */
  static void pause(long pid, Duration time) throws IOException {
    new ProcessBuilder(
            "sh",
            "-c",
            "kill -STOP \"$0\"; sleep \"$1\"; kill -CONT \"$0\"",
            Long.toString(pid),
            time.toMillis() / 1000
                + "."
                + String.format(Locale.ROOT, "%03d", time.toMillis() % 1000))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
