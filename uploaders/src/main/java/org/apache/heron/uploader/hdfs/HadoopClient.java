package org.apache.heron.uploader.hdfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.heron.uploader.store.StoreException;

/**
 * Hadoop's command-line client. Each command is a process of its own, which is ended with all that
 * it started when its time is over.
 */
final class HadoopClient {
  private static final int KEPT = 32 << 10;
  private static final long TAIL_MILLIS = 5000;

  /** How long a client that reads no more has to say why. */
  private static final long ENDING_MILLIS = 5000;

  private final String program;
  private final Path configDirectory;
  private final Duration limit;

  /**
   * @param program {@code hadoop} or {@code hdfs}, on PATH or with its directory
   */
  HadoopClient(String program, Path configDirectory, Duration limit) {
    this.program = program;
    this.configDirectory = configDirectory;
    this.limit = limit;
  }

  /**
   * What a command did.
   *
   * @param output of both streams; the end of it, if it is long
   */
  record Result(int exit, String output) {
    /** The line that says what is wrong: the last that is no log line and no stack trace. */
    String reason() {
      return output
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !isNoise(line))
          .reduce((first, second) -> second)
          .map(line -> line.length() <= 300 ? line : line.substring(0, 300) + "…")
          .orElse("it says nothing");
    }

    /** As Hadoop's log4j writes: {@code 24/05/01 12:00:00 WARN …} or {@code 2024-05-01 …}. */
    private static boolean isNoise(String line) {
      return line.startsWith("at ")
          || line.matches("(\\d{2}/\\d{2}/\\d{2}|\\d{4}-\\d{2}-\\d{2}) .* (DEBUG|INFO|WARN) .*")
          || line.matches("(log4j|SLF4J|WARNING).*");
    }
  }

  /** What a command reads from its standard input. */
  interface Input {
    InputStream open() throws IOException;
  }

  Result run(List<String> arguments) throws StoreException, InterruptedException {
    return run(arguments, InputStream::nullInputStream);
  }

  /**
   * Runs {@code <program> --config <directory> fs <arguments>}.
   *
   * @throws StoreException if the program is missing, or does not end in time
   */
  Result run(List<String> arguments, Input input) throws StoreException, InterruptedException {
    Process process = start(command(arguments));
    Watch watch = new Watch(process, limit);
    Tail tail = new Tail(process.getInputStream());
    try {
      IOException broken = feed(process, input);
      process.waitFor();
      // A grandchild may keep the stream open for ever.
      tail.join(TAIL_MILLIS);
      if (watch.hasEndedIt()) {
        throw StoreException.lasting(
            "'%s' did not end within %d ms (%s)"
                .formatted(text(arguments), limit.toMillis(), HdfsUploader.LIMIT_KEY));
      }
      Result result = new Result(process.exitValue(), tail.text());
      if (broken != null && (result.exit() == 0 || result.output().isBlank())) {
        throw StoreException.lasting(
            "'%s' did not take the package: %s".formatted(text(arguments), broken.getMessage()),
            broken);
      }
      return result;
    } finally {
      end(process);
      watch.interrupt();
    }
  }

  /** The command's words, for messages. */
  String text(List<String> arguments) {
    return String.join(" ", command(arguments));
  }

  private List<String> command(List<String> arguments) {
    List<String> words = new ArrayList<>(List.of(program, "--config", configDirectory.toString()));
    words.add(Path.of(program).endsWith("hdfs") ? "dfs" : "fs");
    words.addAll(arguments);
    return words;
  }

  private static Process start(List<String> command) throws StoreException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw StoreException.lasting(
          "Hadoop's client '%s' cannot be started: %s; install it or set %s"
              .formatted(command.get(0), e.getMessage(), HdfsUploader.CLIENT_KEY),
          e);
    }
  }

  /** Null, or why the process did not take all; its exit status says more, usually. */
  private static IOException feed(Process process, Input input) throws InterruptedException {
    try (InputStream in = input.open();
        OutputStream out = process.getOutputStream()) {
      return copied(in, out, process);
    } catch (IOException e) {
      end(process);
      return e;
    }
  }

  private static IOException copied(InputStream in, OutputStream out, Process process)
      throws InterruptedException {
    try {
      in.transferTo(out);
      return null;
    } catch (IOException e) {
      // Who no longer reads is about to end, and to say why. Else, what it got is not the whole
      // package: it must not take the end of input for its end, which is why that comes later.
      process.waitFor(ENDING_MILLIS, TimeUnit.MILLISECONDS);
      end(process);
      return e;
    }
  }

  /** The client is a script that starts a JVM. Its output stays open: Process would close it. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
  }

  /** Ends the process when its time is over. */
  private static final class Watch extends Thread {
    private final Process process;
    private final Duration limit;
    private volatile boolean ended;

    Watch(Process process, Duration limit) {
      super("hadoop-limit");
      this.process = process;
      this.limit = limit;
      setDaemon(true);
      start();
    }

    @Override
    public void run() {
      try {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          ended = true;
          end(process);
        }
      } catch (InterruptedException e) {
        // The command has ended.
        Thread.currentThread().interrupt();
      }
    }

    boolean hasEndedIt() {
      return ended;
    }
  }

  /** Reads what the process says, and keeps the end of it. */
  private static final class Tail extends Thread {
    private final InputStream in;
    private final StringBuilder kept = new StringBuilder();

    Tail(InputStream in) {
      super("hadoop-output");
      this.in = in;
      setDaemon(true);
      start();
    }

    @Override
    public void run() {
      byte[] buffer = new byte[4096];
      try (in) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          keep(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        // The process was ended while it spoke: what it said so far counts.
        keep("");
      }
    }

    private synchronized void keep(String more) {
      kept.append(more);
      if (kept.length() > KEPT) {
        kept.delete(0, kept.length() - KEPT);
      }
    }

    synchronized String text() {
      return kept.toString();
    }
  }
}
