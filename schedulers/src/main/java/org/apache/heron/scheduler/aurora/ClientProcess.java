package org.apache.heron.scheduler.aurora;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Aurora's client: with a time limit, without standard input, its output kept as far as it is
 * not too much. Whatever ends the waiting also ends the client and what it has started.
 * Thread-safe.
 */
final class ClientProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ClientProcess.class);

  /** A job of Aurora's 4,000 instances is described in some 20 MiB. */
  private static final int MOST_CHARACTERS = 64 << 20;

  /** After its end, for what it has said and nobody has read yet. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  /** From being told to end until it is ended by force. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final String name;
  private final String searchPath;

  /**
   * @param name of the program, or its path
   * @param searchPath where it is looked for, as in the environment variable PATH
   */
  ClientProcess(String name, String searchPath) {
    this.name = name;
    this.searchPath = searchPath;
  }

  /** Runs it. */
  ClientRun run(List<String> arguments, Duration limit) throws InterruptedException {
    Optional<Path> program = ClientProgram.find(name, searchPath);
    if (program.isEmpty()) {
      return new ClientRun.NotStarted(
          "the Aurora client '"
              + name
              + "' is "
              + (name.indexOf('/') >= 0 ? "no program" : "not on PATH")
              + "; install it on this host, or say where it is with "
              + AuroraSettings.CLIENT_KEY);
    }
    List<String> command = new ArrayList<>();
    command.add(program.get().toString());
    command.addAll(arguments);
    LOG.debug("running {}", command);
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .start();
    } catch (IOException e) {
      return new ClientRun.NotStarted(
          "the Aurora client " + program.get() + " cannot be started: " + e.getMessage());
    }
    return await(process, limit);
  }

  private static ClientRun await(Process process, Duration limit) throws InterruptedException {
    Output out = new Output(process.getInputStream());
    Output err = new Output(process.getErrorStream());
    out.start("aurora-client-out");
    err.start("aurora-client-err");
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        end(process);
      }
      // A grandchild may keep the pipe open: what is there by then is enough.
      long patience = System.nanoTime() + LAST_WORDS.toNanos();
      out.join(patience);
      err.join(patience);
      return ended
          ? new ClientRun.Ended(process.exitValue(), out.text(), err.text())
          : new ClientRun.TimedOut(limit, out.text(), err.text());
    } finally {
      end(process);
    }
  }

  private static void end(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    // By its handle, which leaves open what it says.
    process.toHandle().destroy();
    children.forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
  }

  /** Reads one stream of the client to its end, keeping the beginning of it. */
  private static final class Output {
    private final InputStream stream;
    private final StringBuilder text = new StringBuilder();
    private Thread reader;

    Output(InputStream stream) {
      this.stream = stream;
    }

    void start(String threadName) {
      reader = new Thread(this::read, threadName);
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          LOG.debug("aurora: {}", line);
          synchronized (text) {
            if (text.length() + line.length() < MOST_CHARACTERS) {
              text.append(line).append('\n');
            }
          }
        }
      } catch (IOException | UncheckedIOException e) {
        LOG.debug("the Aurora client's output ended: {}", e.getMessage());
      }
    }

    void join(long until) throws InterruptedException {
      // At least a moment: 0 would wait without limit.
      reader.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())));
    }

    String text() {
      synchronized (text) {
        return text.toString();
      }
    }
  }
}
