package org.apache.heron.cli.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.heron.cli.console.Console;
import org.apache.heron.cli.console.JsonObject;
import org.apache.heron.cli.console.Terminal;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.ErrorText;
import org.apache.heron.client.doctor.Checkup;
import org.apache.heron.client.doctor.DeadTopology;
import org.apache.heron.client.doctor.Doctor;
import org.apache.heron.client.doctor.DoctorRequest;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.spi.diagnosis.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heron doctor}. */
@Command(
    name = "doctor",
    description = "Say what a cluster lacks, and remove what dead topologies have left",
    sortOptions = false,
    footer = {
      "",
      "Looks, in the order in which a submit needs them, at the configuration, Java, shared state,",
      "what containers run on, topologies of which only nodes are left, the core package and the",
      "uploader. Each failure comes with a remedy. Nothing is changed without --fix.",
      "",
      "Exit code 0: nothing failed. 1: something did.",
      "",
      "Examples:",
      "  heron doctor mesos",
      "  heron doctor mesos/ada --fetch",
      "  heron doctor mesos --fix",
      "  heron doctor mesos --json"
    })
public final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "CLUSTER[/ROLE]", description = "what is to be looked at")
  private String target;

  @Option(
      names = "--fetch",
      description = "have the core package fetched where containers run, by a tiny task")
  private boolean fetch;

  @Option(names = "--fix", description = "remove what dead topologies have left, after asking")
  private boolean fix;

  @Option(names = "--yes", description = "with --fix: do not ask")
  private boolean yes;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    Console console = common.console(spec.commandLine());
    CheckupText text =
        new CheckupText(console, !common.json(), Terminal.on(Terminal.OUT) && !common.json());
    try (Doctor doctor = new Doctor(request(), Plugins.standard())) {
      Checkup checkup = doctor.examine(text);
      List<Finding> repairs = fix ? repair(doctor, checkup, text, console) : List.of();
      if (common.json()) {
        console.result(CheckupText.json(target, checkup, repairs));
      } else {
        text.summary(checkup, repairs);
      }
      return checkup.healthy(repairs) ? 0 : 1;
    } catch (InterruptedException e) {
      return failed(console, e);
    } catch (RuntimeException e) {
      // The edge of the command: whatever goes wrong becomes one line.
      return failed(console, e);
    }
  }

  private DoctorRequest request() {
    TopologyTarget parsed = common.target(target);
    if (common.apiServer(parsed).isPresent()) {
      throw new ClientException(
          "commands for '"
              + parsed.cluster()
              + "' are carried out by its API server; run heron doctor on that server's host");
    }
    return new DoctorRequest(
        common.installation(Optional.empty()),
        parsed,
        common.switches(false),
        System.getenv(),
        fetch);
  }

  private List<Finding> repair(Doctor doctor, Checkup checkup, CheckupText text, Console console)
      throws InterruptedException {
    List<Finding> repairs = new ArrayList<>();
    if (checkup.dead().isEmpty()) {
      return repairs;
    }
    List<String> names = checkup.dead().stream().map(DeadTopology::name).toList();
    String question = "Remove what is left of " + String.join(", ", names) + "?";
    if (!yes && !Question.yes(spec.commandLine().getErr(), question)) {
      console.warn("Nothing is removed; --yes does so without asking");
      return repairs;
    }
    text.section("Repair");
    for (DeadTopology dead : checkup.dead()) {
      Finding finding = doctor.remove(dead);
      text.found(finding);
      repairs.add(finding);
    }
    return repairs;
  }

  private int failed(Console console, Exception e) {
    console.clearStage();
    String reason = ErrorText.of(e);
    console.error("Failed to look at cluster " + target + ": " + reason);
    console.trace(e);
    if (common.json()) {
      console.result(
          new JsonObject()
              .put("cluster", target)
              .put("status", "error")
              .put("message", reason)
              .toString());
    }
    return 1;
  }
}
