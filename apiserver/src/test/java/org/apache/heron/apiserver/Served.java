package org.apache.heron.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.heron.apiserver.options.ServerOptions;
import org.apache.heron.proto.api.TopologyAPI.Bolt;
import org.apache.heron.proto.api.TopologyAPI.Component;
import org.apache.heron.proto.api.TopologyAPI.Config;
import org.apache.heron.proto.api.TopologyAPI.Grouping;
import org.apache.heron.proto.api.TopologyAPI.InputStream;
import org.apache.heron.proto.api.TopologyAPI.OutputStream;
import org.apache.heron.proto.api.TopologyAPI.Spout;
import org.apache.heron.proto.api.TopologyAPI.StreamId;
import org.apache.heron.proto.api.TopologyAPI.StreamSchema;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import picocli.CommandLine;

/** An API server over an installation of its own, and a client that speaks as upstream's does. */
final class Served implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final ObjectMapper JSON = new ObjectMapper();

  final Path root;
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ApiService service;
  private int port;

  Served(Path root) throws IOException {
    this.root = root;
    StandInLauncher.reset();
    Path conf = Files.createDirectories(root.resolve("home/conf/template"));
    Files.writeString(
        root.resolve("home/release.yaml"),
        "heron.build.version : '1.2.3'\nheron.build.host : here\n");
    Files.writeString(
        conf.resolve("statemgr.yaml"),
        """
        heron.class.state.manager: org.apache.heron.statemgr.localfs.LocalFileSystemStateManager
        heron.statemgr.connection.string: LOCALMODE
        heron.statemgr.root.path: %s
        """
            .formatted(root.resolve("state")));
    Files.writeString(
        conf.resolve("uploader.yaml"),
        """
        heron.class.uploader: org.apache.heron.uploader.localfs.LocalFileSystemUploader
        heron.uploader.localfs.file.system.directory: %s
        """
            .formatted(root.resolve("packages")));
    Files.writeString(
        conf.resolve("packing.yaml"),
        """
        heron.class.packing.algorithm: org.apache.heron.packing.roundrobin.RoundRobinPacking
        heron.class.repacking.algorithm: org.apache.heron.packing.roundrobin.RoundRobinPacking
        """);
    Files.writeString(
        conf.resolve("scheduler.yaml"),
        "heron.class.launcher: " + StandInLauncher.class.getName() + "\n");
    Files.writeString(
        conf.resolve("cluster.yaml"),
        "heron.apiserver.http.file.system.directory: " + root.resolve("store") + "\n");
  }

  Served start(String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of("--cluster", "test"));
    all.addAll(List.of("--base-template", "template"));
    all.addAll(List.of(words));
    if (!all.contains("--port")) {
      all.addAll(List.of("--port", "0"));
    }
    ServerOptions options = new ServerOptions();
    new CommandLine(options).parseArgs(all.toArray(String[]::new));
    service = ApiService.start(root.resolve("home"), options);
    port = service.port();
    return this;
  }

  /** A server in a process of its own, over the same installation, listens there. */
  void runsAt(int otherPort) {
    port = otherPort;
  }

  ApiService service() {
    return service;
  }

  void stop() {
    service.close();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  static Topology words(String name, int containers) {
    StreamId stream = StreamId.newBuilder().setId("default").setComponentName("word").build();
    return Topology.newBuilder()
        .setId(name + "-0001")
        .setName(name)
        .setState(TopologyState.RUNNING)
        .setTopologyConfig(config("topology.stmgrs", containers))
        .addSpouts(
            Spout.newBuilder()
                .setComp(component("word"))
                .addOutputs(
                    OutputStream.newBuilder()
                        .setStream(stream)
                        .setSchema(StreamSchema.getDefaultInstance())))
        .addBolts(
            Bolt.newBuilder()
                .setComp(component("count"))
                .addInputs(InputStream.newBuilder().setStream(stream).setGtype(Grouping.SHUFFLE)))
        .build();
  }

  private static Component component(String name) {
    return Component.newBuilder()
        .setName(name)
        .setConfig(config("topology.component.parallelism", 2))
        .build();
  }

  private static Config config(String key, int value) {
    return Config.newBuilder()
        .addKvs(Config.KeyValue.newBuilder().setKey(key).setValue(String.valueOf(value)))
        .build();
  }

  /** A form as upstream's client sends it. */
  static final class Form {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Form field(String name, String value) {
      return part("name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
    }

    Form file(String name, String fileName, byte[] content) {
      return part("name=\"" + name + "\"; filename=\"" + fileName + "\"", content);
    }

    private Form part(String disposition, byte[] content) {
      bytes.writeBytes(
          ("--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      bytes.writeBytes(content);
      bytes.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
      return this;
    }

    byte[] whole() {
      bytes.writeBytes("--b--\r\n".getBytes(StandardCharsets.UTF_8));
      return bytes.toByteArray();
    }
  }

  static Form submitForm(String name) {
    return new Form()
        .field("name", name)
        .field("cluster", "test")
        .field("role", "ada")
        .field("environment", "devel")
        .field("user", "ada")
        .file("definition", name + ".defn", words(name, 1).toByteArray())
        .file("topology", "words.jar", new byte[] {1, 2, 3});
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest.Builder upload(String path, Form form) {
    return request(path)
        .header("Content-Type", "multipart/form-data; boundary=b")
        .POST(BodyPublishers.ofByteArray(form.whole()));
  }

  HttpResponse<String> post(String path, Form form) throws Exception {
    return send(upload(path, form));
  }

  HttpResponse<String> post(String path, String form) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  HttpResponse<String> delete(String path) throws Exception {
    return send(request(path).DELETE());
  }

  HttpResponse<String> submit(String name) throws Exception {
    return post("/api/v1/topologies", submitForm(name));
  }

  static JsonNode json(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body());
  }

  static String message(HttpResponse<String> answer) throws IOException {
    return json(answer).path("message").asText();
  }

  /** Files below a directory of the test that hold something, by their path below it. */
  List<String> files(String directory) throws IOException {
    while (true) {
      try {
        return listed(root.resolve(directory));
      } catch (UncheckedIOException | NoSuchFileException e) {
        // The server has just removed one of them.
        if (e instanceof UncheckedIOException unchecked
            && !(unchecked.getCause() instanceof NoSuchFileException)) {
          throw unchecked;
        }
      }
    }
  }

  private static List<String> listed(Path top) throws IOException {
    if (!Files.exists(top)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(top)) {
      return tree.filter(Files::isRegularFile)
          .map(file -> top.relativize(file).toString())
          .filter(name -> !name.endsWith("/lock"))
          .sorted()
          .toList();
    }
  }

  /** What shared state holds. */
  List<String> state() throws IOException {
    return files("state").stream().filter(name -> !name.contains("/.")).toList();
  }

  @Override
  public void close() {
    if (service != null) {
      service.close();
    }
    StandInLauncher.reset();
  }
}
