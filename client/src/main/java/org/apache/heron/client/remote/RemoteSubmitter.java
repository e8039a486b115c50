package org.apache.heron.client.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.definition.TopologyFile;
import org.apache.heron.client.dryrun.DryRunFormat;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.client.submit.Aside;
import org.apache.heron.client.submit.DefinitionMaker;
import org.apache.heron.client.submit.DefinitionMaker.Definitions;
import org.apache.heron.client.submit.MainWords;
import org.apache.heron.client.submit.SubmitResult;
import org.apache.heron.client.submit.TemporaryFiles;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.topology.TopologyDefinition;

/**
 * Runs a topology's main here, and has an API server do the rest with what it has written and the
 * topology's file. A submit whose connection ends is taken back by the server.
 */
public final class RemoteSubmitter {
  /** For ending the topology's main; nothing else takes long. */
  private static final Duration UNDO_PATIENCE = Duration.ofSeconds(60);

  private final ApiConnection connection;
  private final Map<String, String> environment;
  private final Progress progress;

  RemoteSubmitter(ApiConnection connection, Map<String, String> environment, Progress progress) {
    this.connection = connection;
    this.environment = Map.copyOf(environment);
    this.progress = progress;
  }

  /**
   * What a user says.
   *
   * @param home the installation, for the API's jar
   * @param properties of {@code --config-property}
   */
  public record Request(
      Path home,
      TopologyTarget target,
      MainWords main,
      Map<String, Object> properties,
      boolean verbose,
      boolean verboseGc) {
    public Request {
      properties = Map.copyOf(properties);
    }
  }

  /**
   * Submits every topology of the file's main, one after the other.
   *
   * @throws ClientException if one cannot be submitted; those before it stay
   * @throws InterruptedException if the JVM is ending; what the server has begun is taken back when
   *     the connection ends with it
   */
  public List<SubmitResult> submit(Request request, Optional<DryRunFormat> dryRun)
      throws InterruptedException {
    return TemporaryFiles.use(
        "heron-submit",
        UNDO_PATIENCE,
        (work, cancellation) -> {
          Definitions made = definitions(request, work);
          List<SubmitResult> results = new ArrayList<>();
          for (Path definition : made.files()) {
            cancellation.check();
            results.add(submit(request, dryRun, made.file(), definition));
          }
          return results;
        });
  }

  /**
   * Says for every topology of the file's main what the cluster has for it today.
   *
   * @throws ClientException if one cannot be looked at
   * @throws InterruptedException if the JVM is ending
   */
  public List<Explanation> plan(Request request) throws InterruptedException {
    return TemporaryFiles.use(
        "heron-submit",
        UNDO_PATIENCE,
        (work, cancellation) -> {
          Definitions made = definitions(request, work);
          List<Explanation> plans = new ArrayList<>();
          for (Path definition : made.files()) {
            cancellation.check();
            plans.add(plan(request, made.file(), definition));
          }
          return plans;
        });
  }

  private Explanation plan(Request request, TopologyFile file, Path definition)
      throws InterruptedException {
    JsonNode body = post("/plan", fields(request, nameOf(definition)), file, definition);
    try {
      return ApiConnection.Json.MAPPER.treeToValue(body, Explanation.class);
    } catch (JsonProcessingException e) {
      throw new ClientException(
          "The API server at "
              + connection.base()
              + " answers what this command does not understand: "
              + e.getOriginalMessage(),
          e);
    }
  }

  private Definitions definitions(Request request, Path work) throws InterruptedException {
    return new DefinitionMaker(environment, progress)
        .make(request.main(), request.home(), request.target(), work);
  }

  private static String nameOf(Path definition) {
    TopologyDefinition read = TopologyDefinition.read(definition);
    read.validate();
    return read.topology().getName();
  }

  private SubmitResult submit(
      Request request, Optional<DryRunFormat> dryRun, TopologyFile file, Path definition)
      throws InterruptedException {
    String name = nameOf(definition);
    List<Map.Entry<String, String>> fields = fields(request, name);
    dryRun.ifPresent(
        format -> {
          fields.add(Map.entry("dry_run", "True"));
          fields.add(Map.entry("dry_run_format", format.text().toUpperCase(Locale.ROOT)));
        });
    progress.stage("sending " + file.name() + " to " + connection.base());
    JsonNode body = post("/topologies", fields, file, definition);
    List<String> links = new ArrayList<>();
    body.path("links").forEach(link -> links.add(link.asText()));
    return new SubmitResult(
        name,
        body.path("id").asText(""),
        body.path("containers").asInt(),
        dryRun.map(format -> body.path("response").asText()),
        links);
  }

  private JsonNode post(
      String path, List<Map.Entry<String, String>> fields, TopologyFile file, Path definition)
      throws InterruptedException {
    RequestBody body =
        RequestBody.Multipart.of(
            fields,
            List.of(Map.entry("definition", definition), Map.entry("topology", file.path())));
    Reply reply =
        Aside.call("api-request", () -> connection.call("POST", path, Optional.of(body), progress));
    return Answers.require(connection, reply);
  }

  private static List<Map.Entry<String, String>> fields(Request request, String name) {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    fields.add(Map.entry("name", name));
    fields.add(Map.entry("cluster", request.target().cluster()));
    fields.add(Map.entry("role", request.target().role()));
    fields.add(Map.entry("environment", request.target().environ()));
    fields.add(Map.entry("user", request.target().user()));
    request.properties().forEach((key, value) -> fields.add(Map.entry(key, String.valueOf(value))));
    if (request.verbose()) {
      fields.add(Map.entry("verbose", "True"));
    }
    if (request.verboseGc()) {
      fields.add(Map.entry("verbose_gc", "True"));
    }
    return fields;
  }
}
