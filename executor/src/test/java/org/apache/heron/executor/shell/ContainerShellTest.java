package org.apache.heron.executor.shell;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.executor.plane.InstanceCounters;
import org.apache.heron.executor.plane.StreamCounters;
import org.apache.heron.executor.plane.UserMetric;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerShellTest {
  private static final String SECRET = "words-1";

  @TempDir private Path outer;
  private Path sandbox;
  private ContainerShell shell;
  private volatile Optional<String> illness = Optional.empty();
  private volatile Optional<ContainerCounters> counted = Optional.empty();
  private final List<String> deeds = new CopyOnWriteArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeEach
  void startTheShellOfAContainer() throws IOException {
    sandbox = Files.createDirectories(outer.resolve("sandbox"));
    Files.createDirectories(sandbox.resolve("log-files"));
    Files.writeString(sandbox.resolve("log-files/a <b>.log"), "0123456789<script>");
    Files.writeString(sandbox.resolve("heron-executor-1.pid"), "4711");
    Files.writeString(outer.resolve("secret"), "not to be seen");
    Files.createSymbolicLink(sandbox.resolve("leak"), outer.resolve("secret"));
    Files.createSymbolicLink(sandbox.resolve("up"), outer);
    Files.createSymbolicLink(sandbox.resolve("inner"), sandbox.resolve("log-files"));
    shell = start(InetAddress.getLoopbackAddress());
  }

  private ContainerShell start(InetAddress bind) throws IOException {
    return ContainerShell.start(
        new ShellConfig(1, SECRET, sandbox, sandbox.resolve("log-files"), bind, 0),
        new ContainerShell.Control() {
          @Override
          public Optional<ContainerCounters> counters() {
            return counted;
          }

          @Override
          public Optional<String> illness() {
            return illness;
          }

          @Override
          public void killContainer() {
            deeds.add("kill");
          }

          @Override
          public boolean restartInstance(String instanceId) {
            if (instanceId.equals("container_1_word_1")) {
              deeds.add("restart " + instanceId);
              return true;
            }
            return false;
          }
        });
  }

  @AfterEach
  void stop() {
    shell.close();
  }

  @Test
  void itIsHealthyAndKnowsItsProcesses() throws Exception {
    assertThat(get("/health").body()).isEqualTo("ok");
    assertThat(json("/pid/heron-executor-1").get("stdout").asText()).isEqualTo("4711");
    long pid = ProcessHandle.current().pid();
    assertThat(json("/jstack/" + pid).get("stdout").asText()).contains("Full thread dump");
    assertThat(json("/histo/" + pid).get("stdout").asText()).contains("java.lang.String");
    assertThat(json("/pmap/" + pid).get("stdout").asText()).contains("Rss:");
    assertThat(get("/jstack/1").statusCode()).isEqualTo(404);
    assertThat(get("/jmap/x").statusCode()).isEqualTo(404);
    assertThat(json("/counters").get("instances")).isEmpty();
    assertThat(json("/counters").get("containerId").asInt()).isEqualTo(1);
    assertThat(get("/").body()).contains("Container 1").contains("/browse/log-files");
  }

  /** heron-tracker asks for the pid of an instance, and then for what is in that process. */
  @Test
  void thePartsOfTheContainerAreItsOneProcess() throws Exception {
    String own = Long.toString(ProcessHandle.current().pid());
    counted = Optional.of(container("container_1_word_1"));
    for (String part : List.of("container_1_word_1", "stmgr-1", "heron-shell-1", "metricsmgr-1")) {
      JsonNode answer = json("/pid/" + part);
      assertThat(answer.get("command").asText()).isEqualTo("cat " + part + ".pid");
      assertThat(answer.get("stdout").asText()).as(part).isEqualTo(own);
      assertThat(answer.get("stderr").asText()).isEmpty();
    }
    String pid = json("/pid/container_1_word_1").get("stdout").asText();
    assertThat(json("/jstack/" + pid).get("stdout").asText()).contains("Full thread dump");
  }

  /** As upstream's shell answers, which has a command run. */
  @Test
  void aProcessThatIsNotHereHasNoPid() throws Exception {
    counted = Optional.of(container("container_1_word_1"));
    for (String other :
        List.of("nobody", "container_2_word_1", "stmgr-2", "heron-tmanager", "heron-executor-2")) {
      HttpResponse<String> response = get("/pid/" + other);
      assertThat(response.statusCode()).isEqualTo(200);
      JsonNode answer = new JsonMapper().readTree(response.body());
      assertThat(answer.get("stdout").asText()).as(other).isEmpty();
      assertThat(answer.get("stderr").asText())
          .isEqualTo("cat: " + other + ".pid: No such file or directory\n");
    }
    Files.writeString(outer.resolve("other.pid"), "not to be seen");
    Files.createSymbolicLink(sandbox.resolve("linked.pid"), outer.resolve("other.pid"));
    assertThat(get("/pid/linked").statusCode()).isEqualTo(403);
    assertThat(get("/pid/..%2Fother").statusCode()).isIn(403, 404);
    assertThat(get("/pid/up%2Fother").statusCode()).isIn(403, 404);
  }

  private static ContainerCounters container(String instance) {
    return new ContainerCounters(
        1,
        "stmgr-1",
        SECRET,
        "RUNNING",
        1,
        false,
        List.of(),
        0,
        Map.of(),
        Map.of(),
        0,
        0,
        List.of(
            new InstanceCounters(
                instance,
                "word",
                1,
                0,
                "BOLT",
                "RUNNING",
                1,
                Map.of("default", 3L),
                List.of(
                    new StreamCounters(
                        "word", "default", 4, 8_000_000, 2, 1, 1_000_000, 1, 0, 0, 0)),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                List.of(),
                Map.of(
                    "seen", new UserMetric(3, List.of(Map.of("seen", 1L)), Map.of("seen", 9L)),
                    "size", new UserMetric(3, List.of(Map.of("size/a", 2.5)), Map.of())))));
  }

  /** The demo, and whoever looks, read these. */
  @Test
  void countersAreTheSumsSinceTheContainerStarted() throws Exception {
    counted = Optional.of(container("container_1_word_1"));
    JsonNode bolt = json("/counters").get("instances").get(0);
    assertThat(bolt.get("kind").asText()).isEqualTo("BOLT");
    assertThat(bolt.get("emitted").get("default").asLong()).isEqualTo(3);
    assertThat(bolt.get("executed").get("word/default").asLong()).isEqualTo(4);
    assertThat(bolt.get("acked").asLong()).isEqualTo(2);
    assertThat(bolt.get("failed").asLong()).isEqualTo(1);
    assertThat(bolt.get("executeMillis").asDouble()).isEqualTo(2.0);
    assertThat(bolt.get("processMillis").asDouble()).isEqualTo(1.0);
    assertThat(bolt.get("userMetrics").get("seen").asLong()).isEqualTo(9);
    assertThat(bolt.get("userMetrics").get("size/a").asDouble()).isEqualTo(2.5);
  }

  @Test
  void anIllContainerSaysSoToHealthChecks() throws Exception {
    illness = Optional.of("the stream manager has failed");
    assertThat(get("/health").statusCode()).isEqualTo(503);
    assertThat(get("/health").body()).contains("the stream manager has failed");
    illness = Optional.empty();
    assertThat(get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void filesCanBeSeen() throws Exception {
    assertThat(get("/browse/").body()).contains("log-files/").contains("heron-executor-1.pid");
    assertThat(get("/browse/log-files").body())
        .contains("a &lt;b&gt;.log")
        .contains("/file/log-files/a%20%3Cb%3E.log");
    assertThat(get("/file/log-files/a%20%3Cb%3E.log").body())
        .contains("0123456789&lt;script&gt;")
        .doesNotContain("<script>");
    JsonNode entry = json("/filestats/log-files").get("a <b>.log");
    assertThat(entry.get("is_dir").asBoolean()).isFalse();
    assertThat(entry.get("path").asText()).isEqualTo("log-files/a <b>.log");
    assertThat(entry.get("formatted_stat").asText()).startsWith("-rw").endsWith("a <b>.log");
    assertThat(get("/browse/inner").statusCode()).as("a link that stays inside").isEqualTo(200);
  }

  @Test
  void piecesOfFilesComeAsJson() throws Exception {
    String file = "/filedata/log-files/a%20%3Cb%3E.log";
    JsonNode piece = json(file + "?offset=2&length=3");
    assertThat(piece.get("offset").asLong()).isEqualTo(2);
    assertThat(piece.get("length").asLong()).isEqualTo(3);
    assertThat(piece.get("data").asText()).isEqualTo("234");
    assertThat(json(file).get("offset").asLong()).as("the end").isEqualTo(18);
    assertThat(json(file + "?offset=99&length=3").get("length").asLong()).isZero();
    assertThat(json(file + "?offset=2&length=-3").get("length").asLong()).isZero();
    assertThat(get(file + "?offset=two").statusCode()).isEqualTo(400);
  }

  @Test
  void aLargeFileIsDownloadedWhole() throws Exception {
    byte[] bytes = new byte[20 << 20];
    new Random(1).nextBytes(bytes);
    Files.write(sandbox.resolve("large.bin"), bytes);

    HttpResponse<byte[]> answer =
        http.send(request("/download/large.bin").build(), HttpResponse.BodyHandlers.ofByteArray());

    assertThat(answer.body()).isEqualTo(bytes);
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"large.bin\"");
    assertThat(get("/download/none").statusCode()).isEqualTo(404);
    assertThat(get("/download/log-files").statusCode()).isEqualTo(404);
  }

  @Test
  void whoeverDoesNotReadHisDownloadKeepsNobodyFromTheRest() throws Exception {
    try (RandomAccessFile big = new RandomAccessFile(sandbox.resolve("big").toFile(), "rw")) {
      big.setLength(1L << 30);
    }
    List<Socket> readers = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        Socket reader = new Socket();
        readers.add(reader);
        reader.setReceiveBufferSize(4096);
        reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), shell.port()));
        reader
            .getOutputStream()
            .write("GET /download/big HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
      }
      awaitAnswers(readers, 2);

      assertThat(get("/health").body()).isEqualTo("ok");

      awaitAnswers(readers, readers.size());
      List<String> answers = new ArrayList<>();
      for (Socket reader : readers) {
        answers.add(new String(reader.getInputStream().readNBytes(12), US_ASCII));
      }
      assertThat(answers).filteredOn("HTTP/1.1 200"::equals).hasSize(FilePages.MOST_DOWNLOADS);
      assertThat(answers)
          .filteredOn("HTTP/1.1 503"::equals)
          .hasSize(readers.size() - FilePages.MOST_DOWNLOADS);
      HttpResponse<String> further = get("/download/heron-executor-1.pid");
      assertThat(further.statusCode()).isEqualTo(503);
      assertThat(further.headers().firstValue("Retry-After")).isPresent();
    } finally {
      for (Socket reader : readers) {
        reader.close();
      }
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> get("/download/heron-executor-1.pid").statusCode() == 200);
  }

  private static void awaitAnswers(List<Socket> readers, int wanted) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              int answered = 0;
              for (Socket reader : readers) {
                answered += reader.getInputStream().available() > 0 ? 1 : 0;
              }
              return answered >= wanted;
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../secret",
        "%2e%2e/secret",
        "%2e%2e%2fsecret",
        "..%2Fsecret",
        "log-files/../../secret",
        "log-files/%2e%2e/%2e%2e/secret",
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
        "//etc/passwd",
        "leak",
        "up/secret",
        "up",
        "%00",
        "log-files%00/../../secret",
      })
  void noPathLeadsOut(String path) throws Exception {
    for (String page : List.of("browse", "file", "filedata", "filestats", "download")) {
      String answer = raw("GET /" + page + "/" + path + " HTTP/1.1\r\nHost: x\r\n");
      assertThat(answer)
          .as(page + "/" + path)
          .startsWith("HTTP/1.1 403")
          .doesNotContain("not to be seen");
    }
  }

  @Test
  void anEncodedTrickIsJustAName() throws Exception {
    for (String path : List.of("%252e%252e%252fsecret", "..;/secret", "..\\secret")) {
      assertThat(raw("GET /file/" + path + " HTTP/1.1\r\nHost: x\r\n"))
          .doesNotStartWith("HTTP/1.1 200")
          .doesNotContain("not to be seen");
    }
    assertThat(get("/pid/..%2Fsecret").statusCode()).as("no such path").isEqualTo(404);
  }

  @Test
  void killingNeedsTheSecretOrTheSameHost() throws Exception {
    assertThat(post("/killexecutor", "", "").statusCode()).as("local, as upstream").isEqualTo(200);
    assertThat(post("/quitquitquit", "secret=" + SECRET, "").statusCode()).isEqualTo(200);
    assertDeeds("kill", "kill");
    assertThat(post("/abortabortabort", "secret=wrong", "http://evil.example").statusCode())
        .as("a page of another site in a local browser")
        .isEqualTo(403);
    assertThat(post("/killexecutor", "secret=" + SECRET, "http://heron.example").statusCode())
        .isEqualTo(200);
    assertThat(get("/killexecutor").statusCode()).isEqualTo(405);
    assertDeeds("kill", "kill", "kill");
  }

  @Test
  void oneInstanceCanBeRestarted() throws Exception {
    String form = "secret=" + SECRET + "&instance_id_to_restart=";
    assertThat(post("/killexecutor", form + "container_1_word_1", "").statusCode()).isEqualTo(200);
    assertThat(post("/killexecutor", form + "container_9_word_9", "").statusCode()).isEqualTo(422);
    assertThat(post("/killexecutor", form + "heron-executor-1", "").statusCode()).isEqualTo(200);
    assertDeeds("restart container_1_word_1", "kill");
  }

  /** The answer is sent before the container ends. */
  private void assertDeeds(String... wanted) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(deeds).containsExactly(wanted));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + shell.port() + path))
        .timeout(Duration.ofSeconds(60));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonMapper().readTree(answer.body());
  }

  private HttpResponse<String> post(String path, String form, String origin) throws Exception {
    HttpRequest.Builder request =
        request(path).header("Content-Type", "X").POST(HttpRequest.BodyPublishers.ofString(form));
    if (!origin.isEmpty()) {
      request.header("Origin", origin);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** As it stands: an HTTP client would refuse or tidy such paths. */
  private String raw(String head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), shell.port())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(StandardCharsets.UTF_8);
    }
  }
}
