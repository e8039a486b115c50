package org.apache.heron.apiserver.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.heron.apiserver.command.Command.Kind;
import org.apache.heron.apiserver.command.CommandDesk;
import org.apache.heron.apiserver.files.FileStore;
import org.apache.heron.web.ErrorFormat;
import org.apache.heron.web.RequestHandler;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.heron.web.WebServer;

/** Every path of the API, with what answers it. */
public final class ApiPaths {
  /** Below which the API is. */
  static final String BASE = "/api/v1";

  private static final String TOPOLOGY = "/{cluster}/{role?}/{environment?}/{name}";
  private static final ObjectMapper PRETTY =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final List<Entry> entries;

  /**
   * A path.
   *
   * @param upload true if the body is a form with files
   */
  record Entry(String method, String path, boolean upload, RequestHandler handler) {}

  /**
   * @param corePackage served for downloading
   * @param links of a path of this server, as agents reach it
   */
  public ApiPaths(
      ServedCluster cluster,
      CommandDesk desk,
      FileStore store,
      Optional<Path> corePackage,
      UnaryOperator<String> links) {
    TopologyPaths topologies = new TopologyPaths(cluster, desk, store.work());
    FilePaths files = new FilePaths(store, desk, corePackage, links::apply);
    String topology = BASE + "/topologies" + TOPOLOGY;
    entries =
        List.of(
            upload(BASE + "/topologies", topologies::submit),
            get(BASE + "/topologies", topologies::list),
            get(topology, topologies::describe),
            // Where the Location of a new topology leads, as upstream writes it.
            get("/topologies" + TOPOLOGY, topologies::describe),
            new Entry("DELETE", topology, false, topologies::kill),
            post(topology + "/activate", topologies::activate),
            post(topology + "/deactivate", topologies::deactivate),
            post(topology + "/restart", topologies::restart),
            post(topology + "/update", topologies::update),
            // With POST for those who set configuration for the question.
            get(topology + "/explain", topologies::explain),
            post(topology + "/explain", topologies::explain),
            get(topology + "/history", topologies::history),
            post(topology + "/history", topologies::history),
            post(topology + "/scheduler/resume", topologies::resume),
            post(topology + "/scheduler/standby", topologies::standBy),
            upload(BASE + "/plan", topologies::plan),
            upload(BASE + "/file/upload", files::upload),
            get(BASE + "/file/download/core", files::core),
            get(BASE + "/file/download/{file}", files::download),
            new Entry("DELETE", BASE + "/file/download/{file}", false, files::delete),
            get(
                BASE + "/version",
                (request, response) -> version(cluster, desk, request, response)),
            get(BASE + "/openapi.json", (request, response) -> sendOpenApi(response)));
  }

  private static Entry get(String path, RequestHandler handler) {
    return new Entry("GET", path, false, handler);
  }

  private static Entry post(String path, RequestHandler handler) {
    return new Entry("POST", path, false, handler);
  }

  private static Entry upload(String path, RequestHandler handler) {
    return new Entry("POST", path, true, handler);
  }

  List<Entry> entries() {
    return entries;
  }

  /** Adds the paths to a server. */
  public void addTo(WebServer.Builder server) {
    for (Entry entry : entries) {
      if (entry.upload()) {
        server.upload(entry.method(), entry.path(), entry.handler());
      } else {
        server.route(entry.method(), entry.path(), entry.handler());
      }
    }
    server.errors(ApiPaths::error).notFound((request, response) -> notFound(response));
  }

  private static ErrorFormat.Body error(int status, String message) {
    return new ErrorFormat.Body(
        "application/json", text(new ObjectMapper(), Map.of("message", message)));
  }

  private static void notFound(WebResponse response) {
    Map<String, Object> body =
        Map.of("paths", List.of(BASE + "/topologies", BASE + "/version", BASE + "/file"));
    response
        .status(404)
        .send("application/json", text(PRETTY, body).getBytes(StandardCharsets.UTF_8));
  }

  private static void version(
      ServedCluster cluster, CommandDesk desk, WebRequest request, WebResponse response) {
    desk.handOver(
        Kind.QUESTION,
        request,
        response,
        (again, answer) ->
            answer.send(
                "application/json",
                text(PRETTY, cluster.release()).getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(ObjectMapper mapper, Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + value, e);
    }
  }

  private static void sendOpenApi(WebResponse response) {
    response.send("application/json", openApi());
  }

  /** The description of all these paths. */
  static byte[] openApi() {
    try (InputStream in = ApiPaths.class.getResourceAsStream("openapi.json")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
