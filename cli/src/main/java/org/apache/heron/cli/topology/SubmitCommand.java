package org.apache.heron.cli.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.heron.cli.console.Console;
import org.apache.heron.cli.console.JsonObject;
import org.apache.heron.client.ErrorText;
import org.apache.heron.client.dryrun.DryRunFormat;
import org.apache.heron.client.remote.ApiServer;
import org.apache.heron.client.submit.SubmitResult;
import org.apache.heron.client.submit.Submitter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code heron submit}. */
@Command(
    name = "submit",
    description = "Submit a topology, and wait until all its containers run",
    sortOptions = false,
    mixinStandardHelpOptions = false,
    footer = {
      "",
      "Options that are not known are passed to the topology's main.",
      "",
      "Examples:",
      "  heron submit mesos words.jar org.example.WordCountTopology words",
      "  heron submit mesos/ada/devel words.tar.gz org.example.WordCountTopology --deploy-deactivated",
      "  heron submit mesos words.jar org.example.WordCountTopology words --dry-run"
    })
public final class SubmitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;
  @Mixin private DryRunOptions dryRun;

  @Mixin private SubmitArguments arguments;

  @Override
  public Integer call() {
    Console console = common.console(spec.commandLine());
    Optional<DryRunFormat> format = dryRun.format(spec.commandLine());
    try {
      List<SubmitResult> results = submit(format, console);
      console.clearStage();
      for (SubmitResult result : results) {
        if (result.dryRun().isPresent()) {
          console.result(result.dryRun().get());
          console.info(
              "Successfully launched topology '" + result.topology() + "' in dry-run mode");
        }
      }
      if (common.json() && !dryRun.requested()) {
        console.result(json(results));
      }
      return 0;
    } catch (InterruptedException e) {
      return failed(console, e);
    } catch (RuntimeException e) {
      // The edge of the command: whatever goes wrong becomes one line.
      return failed(console, e);
    }
  }

  private List<SubmitResult> submit(Optional<DryRunFormat> format, Console console)
      throws InterruptedException {
    Optional<ApiServer> server = common.apiServer(arguments.target(common));
    return server.isPresent()
        ? server
            .get()
            .submitter(System.getenv(), console)
            .submit(arguments.remoteRequest(common, console), format)
        : new Submitter(System.getenv(), console)
            .submit(arguments.request(common, format, console));
  }

  private static String json(List<SubmitResult> results) {
    List<JsonObject> topologies = new ArrayList<>();
    for (SubmitResult result : results) {
      topologies.add(
          new JsonObject()
              .put("name", result.topology())
              .put("id", result.topologyId())
              .put("containers", result.containers())
              .put("links", result.links()));
    }
    return new JsonObject().put("status", "ok").putObjects("topologies", topologies).toString();
  }

  private int failed(Console console, Exception e) {
    console.clearStage();
    String reason = ErrorText.of(e);
    console.error(
        reason.startsWith("Failed to ") ? reason : "Failed to launch topology: " + reason);
    console.trace(e);
    if (common.json()) {
      console.result(new JsonObject().put("status", "error").put("message", reason).toString());
    }
    return 1;
  }
}
