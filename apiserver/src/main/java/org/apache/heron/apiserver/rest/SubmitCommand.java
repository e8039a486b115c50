package org.apache.heron.apiserver.rest;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.heron.apiserver.command.Command;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.client.submit.SubmitRequest;
import org.apache.heron.client.submit.SubmitResult;
import org.apache.heron.client.submit.Submitter;
import org.apache.heron.client.submit.TemporaryFiles;
import org.apache.heron.spi.topology.TopologyDefinition;
import org.apache.heron.spi.topology.TopologyException;
import org.apache.heron.web.HttpError;

/**
 * Submits a topology that was sent, or says what the cluster has for it.
 *
 * @param directory removed at the end
 * @param onlyPlan true to submit nothing
 */
record SubmitCommand(ServedCluster cluster, SubmitForm form, Path directory, boolean onlyPlan)
    implements Command {
  @Override
  public Answer run(Progress progress) throws InterruptedException {
    TopologyDefinition definition = definition();
    if (!definition.topology().getName().equals(form.name())) {
      throw new HttpError(
          422,
          "name is '"
              + form.name()
              + "', but the definition is of topology '"
              + definition.topology().getName()
              + "'");
    }
    Settings settings =
        cluster.settings(
            form.target(), form.overrides(), form.verbose(), form.verboseGc(), progress);
    SubmitRequest request = SubmitRequest.withoutMain(settings, form.topology(), form.dryRun());
    // No main runs here, so it needs no environment.
    Submitter submitter = new Submitter(Map.of(), progress);
    if (onlyPlan) {
      return Answer.ok(submitter.plan(request, form.definition()));
    }
    SubmitResult result = submitter.submit(request, form.definition());
    return result.dryRun().map(Answer::response).orElseGet(() -> created(result));
  }

  /** Without the name of its file, which only the server knows. */
  private TopologyDefinition definition() {
    try {
      return TopologyDefinition.read(form.definition());
    } catch (TopologyException e) {
      String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new HttpError(422, "the definition is none: " + why);
    }
  }

  private Answer created(SubmitResult result) {
    TopologyTarget target = form.target();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", form.name());
    body.put("cluster", target.cluster());
    body.put("role", target.role());
    body.put("environment", target.environ());
    body.put("id", result.topologyId());
    body.put("containers", result.containers());
    body.put("links", result.links());
    return new Answer(
        201, body, Map.of("Location", PathText.of("topologies", target, form.name())));
  }

  @Override
  public void close() {
    TemporaryFiles.delete(directory);
  }
}
