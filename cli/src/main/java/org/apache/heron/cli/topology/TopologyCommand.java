package org.apache.heron.cli.topology;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.heron.cli.console.Console;
import org.apache.heron.cli.console.JsonObject;
import org.apache.heron.client.ErrorText;
import org.apache.heron.client.runtime.SubmittedTopology;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command about one topology that was submitted before. */
abstract class TopologyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(index = "0", paramLabel = "cluster/[role]/[env]", description = "where it runs")
  private String target;

  @Parameters(index = "1", paramLabel = "topology-name", description = "its name")
  private String topology;

  /**
   * Does the work.
   *
   * @return text for standard output, if the command's result is one
   */
  abstract Optional<String> run(SubmittedTopology submitted) throws InterruptedException;

  /** What was done, to complete {@code Successfully …} and {@code Failed to …}. */
  abstract String deed();

  /** True if the text is the whole result, also as JSON. */
  boolean isQuestion() {
    return false;
  }

  String topology() {
    return topology;
  }

  boolean json() {
    return common.json();
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    Console console = common.console(spec.commandLine());
    try {
      Optional<String> text;
      try (SubmittedTopology submitted = common.topology(target, topology, console)) {
        text = run(submitted);
      }
      console.clearStage();
      text.ifPresent(console::result);
      if (isQuestion()) {
        return 0;
      }
      console.info("Successfully " + deed());
      if (common.json()) {
        console.result(new JsonObject().put("status", "ok").put("topology", topology).toString());
      }
      return 0;
    } catch (InterruptedException e) {
      return failed(console, e);
    } catch (RuntimeException e) {
      // The edge of the command: whatever goes wrong becomes one line.
      return failed(console, e);
    }
  }

  private int failed(Console console, Exception e) {
    console.clearStage();
    String reason = ErrorText.of(e);
    console.error(reason.startsWith("Failed to ") ? reason : "Failed to " + deed() + ": " + reason);
    console.trace(e);
    if (common.json()) {
      console.result(
          new JsonObject()
              .put("status", "error")
              .put("topology", topology)
              .put("message", reason)
              .toString());
    }
    return 1;
  }
}
