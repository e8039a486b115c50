package org.apache.heron.apiserver.rest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.apiserver.access.AccessGate;
import org.apache.heron.apiserver.command.Command.Answer;
import org.apache.heron.apiserver.command.Command.Kind;
import org.apache.heron.apiserver.command.CommandDesk;
import org.apache.heron.apiserver.files.WorkDirectory;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.runtime.TopologyDirectory;
import org.apache.heron.client.runtime.TopologyRestart;
import org.apache.heron.client.runtime.UpdateRequest;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.client.submit.TemporaryFiles;
import org.apache.heron.spi.topology.TopologyDefinition;
import org.apache.heron.spi.topology.TopologyException;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;

/** Topologies: submitted, changed, asked about. Thread-safe. */
final class TopologyPaths {
  private static final int AS_OTHER_FAILURES = 500;
  private static final int NOT_FOUND = 404;

  private final ServedCluster cluster;
  private final CommandDesk desk;
  private final WorkDirectory work;

  TopologyPaths(ServedCluster cluster, CommandDesk desk, WorkDirectory work) {
    this.cluster = cluster;
    this.desk = desk;
    this.work = work;
  }

  void submit(WebRequest request, WebResponse response) {
    upload(request, response, false);
  }

  void plan(WebRequest request, WebResponse response) {
    upload(request, response, true);
  }

  private void upload(WebRequest request, WebResponse response, boolean onlyPlan) {
    Path directory = directory();
    boolean accepted = false;
    try {
      SubmitForm form = SubmitForm.read(request.multipart(), cluster, directory);
      accepted = true;
      desk.carryOut(
          onlyPlan ? Kind.QUESTION : Kind.SUBMIT,
          request,
          response,
          new SubmitCommand(cluster, form, directory, onlyPlan));
    } catch (SubmitForm.Incomplete e) {
      response.status(422).sendJson(e.body());
    } finally {
      if (!accepted) {
        TemporaryFiles.delete(directory);
      }
    }
  }

  private Path directory() {
    try {
      return work.directory();
    } catch (IOException e) {
      throw new HttpError(507, "cannot store the upload: " + e);
    }
  }

  void activate(WebRequest request, WebResponse response) {
    change(
        request,
        response,
        Set.of(),
        (topology, fields) -> {
          topology.activate();
          return Answer.message(name(request) + " activated");
        });
  }

  void deactivate(WebRequest request, WebResponse response) {
    change(
        request,
        response,
        Set.of(),
        (topology, fields) -> {
          topology.deactivate();
          return Answer.message(name(request) + " deactivated");
        });
  }

  void restart(WebRequest request, WebResponse response) {
    RequestFields fields = RequestFields.of(request);
    int container = fields.number("container_id").orElse(TopologyRestart.ALL);
    int parallel = fields.number("parallel").orElse(0);
    if (fields.has("parallel") && parallel < 1) {
      throw new HttpError(422, "parallel is " + parallel + "; at least 1");
    }
    if (fields.has("parallel") && container != TopologyRestart.ALL) {
      throw new HttpError(422, "parallel goes with the restart of all containers, not of one");
    }
    change(
        request,
        response,
        Set.of("container_id", "parallel"),
        (topology, given) -> {
          topology.restart(container, parallel);
          return Answer.message(name(request) + " restarted");
        });
  }

  void update(WebRequest request, WebResponse response) {
    RequestFields fields = RequestFields.of(request);
    UpdateRequest update = updateOf(fields);
    change(
        request,
        response,
        Set.of(
            "component_parallelism",
            "container_number",
            "runtime_config",
            "dry_run",
            "dry_run_format"),
        (topology, given) ->
            topology
                .update(update)
                .map(Answer::response)
                .orElseGet(() -> Answer.message(name(request) + " updated")));
  }

  /** Upstream takes a container number only without parallelism, and drops runtime_config. */
  private static UpdateRequest updateOf(RequestFields fields) {
    if (fields.values().isEmpty()) {
      throw new HttpError(422, "no param");
    }
    List<String> parallelism = separate(fields.all("component_parallelism"));
    List<String> runtimeConfig = separate(fields.all("runtime_config"));
    Optional<Integer> containers = fields.number("container_number");
    if (parallelism.isEmpty() && runtimeConfig.isEmpty() && containers.isEmpty()) {
      throw new HttpError(422, "missing component_parallelism or runtime_config param");
    }
    try {
      return new UpdateRequest(parallelism, containers, runtimeConfig, fields.dryRun());
    } catch (ClientException e) {
      throw new HttpError(422, e.getMessage());
    }
  }

  /** Each field may hold several, with commas between. */
  private static List<String> separate(List<String> values) {
    return values.stream()
        .flatMap(value -> List.of(value.split(",")).stream())
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  void kill(WebRequest request, WebResponse response) {
    carryOut(
        Kind.CHANGE,
        request,
        response,
        Set.of(),
        NOT_FOUND,
        (topology, fields) -> {
          topology.kill();
          return Answer.message(name(request) + " killed");
        });
  }

  void resume(WebRequest request, WebResponse response) {
    change(
        request,
        response,
        Set.of(),
        (topology, fields) -> Answer.response(topology.resumeScheduler()));
  }

  void standBy(WebRequest request, WebResponse response) {
    change(request, response, Set.of(), (topology, fields) -> Answer.response(topology.standBy()));
  }

  void explain(WebRequest request, WebResponse response) {
    ask(request, response, (topology, fields) -> Answer.ok(topology.explain(container(fields))));
  }

  void history(WebRequest request, WebResponse response) {
    ask(request, response, (topology, fields) -> Answer.ok(topology.history(container(fields))));
  }

  private static Optional<Integer> container(RequestFields fields) {
    return fields.number("container");
  }

  void list(WebRequest request, WebResponse response) {
    desk.carryOut(
        Kind.QUESTION,
        request,
        response,
        progress -> {
          try (TopologyDirectory directory =
              TopologyDirectory.open(cluster.settings(cluster.anyone()))) {
            return Answer.ok(Map.of("topologies", directory.of(cluster.name())));
          }
        });
  }

  void describe(WebRequest request, WebResponse response) {
    TopologyTarget target = target(request);
    desk.carryOut(
        Kind.QUESTION,
        request,
        response,
        progress -> {
          try (TopologyDirectory directory =
              TopologyDirectory.open(cluster.settings(cluster.anyone()))) {
            return directory
                .find(name(request))
                .filter(entry -> isAt(entry, target))
                .map(Answer::ok)
                .orElseThrow(
                    () ->
                        new HttpError(
                            NOT_FOUND, "Topology '" + name(request) + "' does not exist"));
          }
        });
  }

  private static boolean isAt(TopologyDirectory.Entry entry, TopologyTarget target) {
    return TopologyTarget.path(entry.cluster(), entry.role(), entry.environment())
        .equals(target.path());
  }

  /** What is done, with what the request says of it. */
  private interface Work {
    Answer with(org.apache.heron.client.runtime.SubmittedTopology topology, RequestFields fields)
        throws InterruptedException;
  }

  private void change(WebRequest request, WebResponse response, Set<String> known, Work work) {
    carryOut(Kind.CHANGE, request, response, known, AS_OTHER_FAILURES, work);
  }

  private void ask(WebRequest request, WebResponse response, Work work) {
    carryOut(Kind.QUESTION, request, response, Set.of("container"), NOT_FOUND, work);
  }

  private void carryOut(
      Kind kind,
      WebRequest request,
      WebResponse response,
      Set<String> known,
      int missingIs,
      Work work) {
    RequestFields fields = RequestFields.of(request);
    Map<String, String> overrides = fields.overrides(known);
    if (!overrides.isEmpty() && AccessGate.isOpenToAll(request)) {
      // They name classes, files and hosts, to which the server would show its own credentials.
      throw new HttpError(
          422,
          String.join(", ", overrides.keySet())
              + " cannot be set with "
              + request.method()
              + ", which needs no token; send it with POST");
    }
    desk.carryOut(
        kind,
        request,
        response,
        new TopologyCommand(
            cluster,
            target(request),
            name(request),
            overrides,
            missingIs,
            topology -> work.with(topology, fields)));
  }

  /** Who gives the command matters at the submit only. */
  private TopologyTarget target(WebRequest request) {
    String role = request.pathParameter("role");
    return cluster.target(
        request.pathParameter("cluster"), role, request.pathParameter("environment"), role);
  }

  private static String name(WebRequest request) {
    String name = request.pathParameter("name");
    try {
      TopologyDefinition.validateName(name);
      return name;
    } catch (TopologyException e) {
      throw new HttpError(422, e.getMessage());
    }
  }
}
