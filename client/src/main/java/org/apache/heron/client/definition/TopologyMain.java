package org.apache.heron.client.definition;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.progress.Progress;

/**
 * Runs a topology's main in a process of its own and collects the definitions that it writes; what
 * it prints is passed on line by line.
 */
public final class TopologyMain {
  private static final long END_SECONDS = 10;

  private final Map<String, String> environment;
  private final Duration limit;
  private final Progress progress;

  /**
   * @param environment in which the main runs, besides {@code HERON_OPTIONS}
   * @param limit after which a main that does not end is ended
   */
  public TopologyMain(Map<String, String> environment, Duration limit, Progress progress) {
    this.environment = Map.copyOf(environment);
    this.limit = limit;
    this.progress = progress;
  }

  /**
   * The {@code .defn} files, one for each topology that the main submits, by name.
   *
   * @param work an empty temporary directory, which the caller removes
   * @throws ClientException if the main fails, does not end, or submits nothing
   */
  public List<Path> run(MainRequest request, Path work) {
    List<String> command = MainCommand.of(request, work, environment);
    MainError error = new MainError();
    int exit = execute(request, command, options(request, work).text(), error);
    if (exit != 0) {
      throw new ClientException(
          failed(request)
              + " (exit code "
              + exit
              + ")"
              + error.reason().map(reason -> ": " + reason).orElse(""));
    }
    try (Stream<Path> files = Files.list(work)) {
      List<Path> definitions =
          files.filter(file -> file.toString().endsWith(".defn")).sorted().toList();
      if (definitions.isEmpty()) {
        throw new ClientException(
            "No topologies found under "
                + work
                + ": the main of class '"
                + request.className()
                + "' ended without submitting one");
      }
      return definitions;
    } catch (IOException e) {
      throw new ClientException("Cannot read directory '" + work + "': " + e, e);
    }
  }

  static HeronOptions options(MainRequest request, Path work) {
    HeronOptions options =
        new HeronOptions(work)
            .put("cmdline.topology.initial.state", request.deactivated() ? "PAUSED" : "RUNNING")
            .put("cmdline.topology.role", request.role())
            .put("cmdline.topology.environment", request.environ())
            .put("cmdline.topology.cluster", request.cluster())
            .put("cmdline.topology.file_name", request.file().path().toString())
            .put("cmdline.topology.class_name", request.className())
            .put("cmdline.topology.submit_user", request.user());
    return options;
  }

  private int execute(
      MainRequest request, List<String> command, String options, MainError mainError) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put(HeronOptions.VARIABLE, options);
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new ClientException(failed(request) + ": " + e.getMessage(), e);
    }
    try {
      Thread output = pump(process.getInputStream(), progress::programOutput);
      Thread error =
          pump(
              process.getErrorStream(),
              line -> {
                mainError.accept(line);
                progress.programError(line);
              });
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ClientException(
            failed(request) + ": it has not ended after " + limit.toSeconds() + " seconds");
      }
      output.join(limit.toMillis());
      error.join(limit.toMillis());
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientException(failed(request) + ": interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      // Until it has ended it may write into the directory that is about to be removed.
      process.onExit().completeOnTimeout(process, END_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  private static Thread pump(InputStream stream, Consumer<String> sink) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  sink.accept(line);
                }
              } catch (IOException e) {
                // The process was ended while its output was read: there is nothing more to show.
              }
            },
            "topology-main-output");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static String failed(MainRequest request) {
    String what =
        switch (request.file().type()) {
          case JAR, TAR, PEX -> "class '" + request.className() + "' of";
          case SO, DYLIB -> "cpp binary '" + request.className() + "' of";
        };
    return "Failed to create topology definition file when executing "
        + what
        + " file '"
        + request.file().path()
        + "'";
  }
}
