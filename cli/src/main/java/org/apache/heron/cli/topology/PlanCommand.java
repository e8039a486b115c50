package org.apache.heron.cli.topology;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.heron.cli.console.Console;
import org.apache.heron.cli.console.JsonObject;
import org.apache.heron.client.ErrorText;
import org.apache.heron.client.remote.ApiServer;
import org.apache.heron.client.submit.Submitter;
import org.apache.heron.spi.scheduler.Explanation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code heron plan}. */
@Command(
    name = "plan",
    description = "Say whether a topology would fit on the cluster today, without submitting it",
    sortOptions = false,
    mixinStandardHelpOptions = false,
    footer = {
      "",
      "Takes the arguments of heron submit. The topology's main is run and packed; then a framework",
      "with the roles and principal of the configuration registers for some seconds, to see what the",
      "master would offer it (reservations, quotas and weights included), declines all, and is",
      "removed. Nothing is launched, uploaded or written.",
      "",
      "Exit code: 0 all containers fit, 3 not all fit, 1 it could not be found out, 2 wrong usage.",
      "",
      "Examples:",
      "  heron plan mesos/ada/devel words.jar org.example.WordCountTopology words",
      "  heron plan mesos words.jar org.example.WordCountTopology words --json"
    })
public final class PlanCommand implements Callable<Integer> {
  private static final int DOES_NOT_FIT = 3;

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;
  @Mixin private SubmitArguments arguments;

  @Override
  public Integer call() {
    Console console = common.console(spec.commandLine());
    try {
      List<Explanation> plans = plan(console);
      console.clearStage();
      for (Explanation plan : plans) {
        console.result(common.json() ? Json.of(plan) : PlanText.of(plan));
      }
      boolean fits =
          plans.stream()
              .flatMap(plan -> plan.containers().stream())
              .noneMatch(Explanation.Container::waits);
      return fits ? 0 : DOES_NOT_FIT;
    } catch (InterruptedException e) {
      return failed(console, e);
    } catch (RuntimeException e) {
      // The edge of the command: whatever goes wrong becomes one line.
      return failed(console, e);
    }
  }

  private List<Explanation> plan(Console console) throws InterruptedException {
    Optional<ApiServer> server = common.apiServer(arguments.target(common));
    return server.isPresent()
        ? server
            .get()
            .submitter(System.getenv(), console)
            .plan(arguments.remoteRequest(common, console))
        : new Submitter(System.getenv(), console)
            .plan(arguments.request(common, Optional.empty(), console));
  }

  private int failed(Console console, Exception e) {
    console.clearStage();
    String reason = ErrorText.of(e);
    console.error("Failed to plan topology: " + reason);
    console.trace(e);
    if (common.json()) {
      console.result(new JsonObject().put("status", "error").put("message", reason).toString());
    }
    return 1;
  }
}
