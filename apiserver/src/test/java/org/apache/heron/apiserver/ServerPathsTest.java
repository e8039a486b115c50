package org.apache.heron.apiserver;

import static org.apache.heron.apiserver.Served.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.heron.apiserver.Served.Form;
import org.apache.heron.client.ClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files, versions, tokens, and what is refused. */
class ServerPathsTest {
  @TempDir Path directory;
  private Served served;

  @BeforeEach
  void prepare() throws IOException {
    served = new Served(directory);
  }

  @AfterEach
  void stop() {
    served.close();
  }

  @Test
  void whatIsUploadedCanBeDownloadedInPartsAndRemoved() throws Exception {
    served.start();
    byte[] content = new byte[300_000];
    new Random(1).nextBytes(content);
    HttpResponse<String> uploaded =
        served.post("/api/v1/file/upload", new Form().file("file", "../wörds.tar.gz", content));
    assertThat(uploaded.statusCode()).isEqualTo(200);
    assertThat(uploaded.body())
        .matches(
            "http://127\\.0\\.0\\.1:"
                + served.service().port()
                + "/api/v1/file/download/[0-9a-f-]{36}-w_rds.tar.gz");
    String path = URI.create(uploaded.body()).getPath();

    HttpResponse<byte[]> whole = bytes(path, "");
    assertThat(whole.body()).isEqualTo(content);
    assertThat(whole.headers().firstValue("content-disposition").orElseThrow())
        .startsWith("attachment; filename = ");
    assertThat(whole.headers().firstValueAsLong("Content-Length")).hasValue(300_000);
    HttpResponse<byte[]> rest = bytes(path, "bytes=299990-");
    assertThat(rest.statusCode()).isEqualTo(206);
    assertThat(rest.body()).hasSize(10);
    assertThat(bytes(path, "bytes=300000-").statusCode()).isEqualTo(416);

    assertThat(served.delete(path).statusCode()).isEqualTo(200);
    assertThat(served.get(path).statusCode()).isEqualTo(404);
    assertThat(served.delete(path).statusCode()).isEqualTo(404);
    await().atMost(Served.PATIENCE).until(() -> served.files("store").isEmpty());
  }

  private HttpResponse<byte[]> bytes(String path, String range) throws Exception {
    var request = served.request(path);
    if (!range.isEmpty()) {
      request.header("Range", range);
    }
    return served.client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void twoUploadsOfOneNameAreTwoFiles() throws Exception {
    served.start("--download-hostname", "api.example.org");
    Form first = new Form().file("file", "a.tar.gz", new byte[] {1});
    Form second = new Form().file("file", "a.tar.gz", new byte[] {2});
    String one = served.post("/api/v1/file/upload", first).body();
    String two = served.post("/api/v1/file/upload", second).body();
    assertThat(one).startsWith("http://api.example.org:").isNotEqualTo(two);
    // A request's body is removed right after its answer.
    await().atMost(Served.PATIENCE).until(() -> served.files("store").size() == 2);
  }

  @Test
  void anAddressOfIpv6IsWrittenAsOneInLinks() throws Exception {
    assumeTrue(hasIpv6(), "this host has no IPv6");
    served.start("--host", "::1");
    String address = "http://[::1]:" + served.service().port();
    assertThat(served.service().address()).isEqualTo(address);
    String boundary = "multipart/form-data; boundary=b";
    HttpResponse<String> uploaded =
        served.send(
            HttpRequest.newBuilder(URI.create(address + "/api/v1/file/upload"))
                .header("Content-Type", boundary)
                .POST(
                    HttpRequest.BodyPublishers.ofByteArray(
                        new Form().file("file", "a.tar.gz", new byte[] {1}).whole())));
    assertThat(uploaded.body()).startsWith(address + "/api/v1/file/download/");
  }

  private static boolean hasIpv6() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void noSchedulerInTheForegroundKeepsARequest() throws Exception {
    assertThatThrownBy(() -> served.start("-D", "heron.scheduler.background=false"))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("heron.scheduler.background is false");
    served.start();
    HttpResponse<String> answer =
        served.post(
            "/api/v1/topologies",
            Served.submitForm("words").field("heron.scheduler.background", "false"));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(message(answer)).contains("heron.scheduler.background is the API server's own");
  }

  @Test
  void formsWithoutAFileAreRefused() throws Exception {
    served.start();
    HttpResponse<String> empty = served.post("/api/v1/file/upload", new Form());
    assertThat(empty.statusCode()).isEqualTo(400);
    assertThat(message(empty)).isEqualTo("input stream is null");
    HttpResponse<String> other = served.post("/api/v1/file/upload", new Form().field("file", "a"));
    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(message(other)).isEqualTo("form data content disposition is null");
  }

  @Test
  void noPathLeadsOutOfTheStore() throws Exception {
    Files.writeString(directory.resolve("secret"), "secret");
    served.start();
    Files.createSymbolicLink(directory.resolve("store/link"), directory.resolve("secret"));
    for (String name : List.of("..%2Fsecret", "%2e%2e%2fsecret", "link", ".", "..", "a%00b")) {
      HttpResponse<String> answer = served.get("/api/v1/file/download/" + name);
      assertThat(answer.statusCode()).as(name).isEqualTo(404);
      assertThat(answer.body()).doesNotContain("secret\"").doesNotContain(directory.toString());
    }
    Files.writeString(directory.resolve("store/mine"), "mine");
    assertThat(served.get("/api/v1/file/download/mine").body()).isEqualTo("mine");
    assertThat(served.delete("/api/v1/file/download/mine").statusCode()).isEqualTo(404);
  }

  @Test
  void theCorePackageIsServedIfOneIsNamed() throws Exception {
    served.start();
    assertThat(served.get("/api/v1/file/download/core").statusCode()).isEqualTo(500);
    served.stop();
    Path core = directory.resolve("core.tar.gz");
    served.start("--heron-core-package-path", core.toString());
    assertThat(served.get("/api/v1/file/download/core").statusCode()).isEqualTo(404);
    Files.writeString(core, "core");
    assertThat(served.get("/api/v1/file/download/core").body()).isEqualTo("core");
  }

  @Test
  void theVersionIsThatOfTheReleasePrettilyPrinted() throws Exception {
    served.start();
    assertThat(served.get("/api/v1/version").body())
        .isEqualTo(
            "{\n  \"heron.build.host\" : \"here\",\n  \"heron.build.version\" : \"1.2.3\"\n}");
  }

  @Test
  void whatIsNotThereIsAnsweredWithWhatIs() throws Exception {
    served.start();
    HttpResponse<String> answer = served.get("/api/v2/x");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body())
        .isEqualTo(
            "{\n  \"paths\" : [ \"/api/v1/topologies\", \"/api/v1/version\", \"/api/v1/file\" ]\n}");
    HttpResponse<String> method = served.delete("/api/v1/version");
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(message(method)).contains("use GET");
  }

  @Test
  void whoeverChangesSomethingMustKnowTheToken() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "right-token\n");
    served.start("--token-file", token.toString());
    assertThat(served.get("/api/v1/topologies").statusCode()).isEqualTo(200);
    HttpResponse<String> without = served.submit("words");
    assertThat(without.statusCode()).isEqualTo(401);
    assertThat(message(without)).contains("a token is needed");
    assertThat(without.headers().firstValue("WWW-Authenticate")).isPresent();
    for (String header : List.of("Bearer wrong-token", "Basic right-token", "Bearer ", "Bearer")) {
      HttpResponse<String> wrong =
          served.send(
              served
                  .request("/api/v1/topologies/test/ada/devel/words")
                  .header("Authorization", header)
                  .DELETE());
      assertThat(wrong.statusCode()).as(header).isEqualTo(401);
      assertThat(wrong.body()).doesNotContain("right-token");
    }
    HttpResponse<String> right =
        served.send(
            served
                .upload("/api/v1/file/upload", new Form().file("file", "a", new byte[1]))
                .header("Authorization", "Bearer right-token"));
    assertThat(right.statusCode()).isEqualTo(200);
    assertThatThrownBy(
            () -> {
              try (Served other = new Served(directory.resolve("other"))) {
                other.start("--token-file", directory.resolve("none").toString());
              }
            })
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("(--token-file) cannot be read");
  }

  @Test
  void webPagesChangeNothing() throws Exception {
    served.start();
    HttpResponse<String> answer =
        served.send(
            served
                .upload("/api/v1/topologies", Served.submitForm("words"))
                .header("Origin", "http://evil.example"));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(served.state()).isEmpty();
  }

  @Test
  void uploadsAreBounded() throws Exception {
    served.start("--max-upload-mb", "1");
    HttpResponse<String> answer =
        served.post("/api/v1/file/upload", new Form().file("file", "a", new byte[(1 << 20) + 1]));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(message(answer)).isEqualTo("the upload is larger than 1048576 bytes");
    HttpResponse<String> large =
        served.send(
            served
                .request("/api/v1/topologies/test/ada/devel/words/restart")
                .POST(BodyPublishers.ofByteArray(new byte[(1 << 20) + 1])));
    assertThat(large.statusCode()).isEqualTo(413);
    await().atMost(Served.PATIENCE).until(() -> served.files("store").isEmpty());
  }

  @Test
  void whatADeadServerLeftIsRemovedAndWhatALivingOneUsesIsNot() throws Exception {
    Path dead = Files.createDirectories(directory.resolve("store/.incoming-dead"));
    Files.writeString(dead.resolve("body1.part"), "half");
    served.start();
    assertThat(dead).doesNotExist();
    try (Served second = new Served(directory)) {
      second.start();
      assertThat(served.post("/api/v1/file/upload", new Form().file("file", "a", new byte[1])))
          .extracting(HttpResponse::statusCode)
          .isEqualTo(200);
    }
  }

  @Test
  void aPortInUseAndAMissingConfigurationAreOneLine() throws Exception {
    served.start();
    try (Served second = new Served(directory.resolve("second"))) {
      assertThatThrownBy(() -> second.start("--port", "" + served.service().port()))
          .hasMessageContaining("cannot listen on 127.0.0.1:" + served.service().port());
      assertThat(second.files("store")).isEmpty();
      assertThatThrownBy(() -> second.start("--config-path", "/no/such/directory"))
          .isInstanceOf(ClientException.class)
          .hasMessage("Cluster config directory '/no/such/directory' does not exist");
    }
  }
}
