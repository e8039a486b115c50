package org.apache.heron.uploader.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.uploader.UploaderException;
import org.apache.heron.uploader.RecordingUploadProgress;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.RequestHandler;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HttpUploaderTest {
  private static final String UPLOAD = "/api/v1/file/upload";
  private static final String DOWNLOAD = "/api/v1/file/download/{name}";

  @TempDir Path directory;
  private final Map<String, String> files = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);
  private final RecordingUploadProgress progress = new RecordingUploadProgress();
  private Path source;
  private WebServer server;

  @BeforeEach
  void writePackage() throws IOException {
    source = Files.writeString(directory.resolve("topology.tar.gz"), "the package");
  }

  @AfterEach
  void stop() {
    end.countDown();
    if (server != null) {
      server.close();
    }
  }

  private void serve(RequestHandler upload) throws IOException {
    server =
        WebServer.builder()
            .name("store")
            .maxBody(32 << 20)
            .route(
                "POST",
                UPLOAD,
                (request, response) -> {
                  calls.incrementAndGet();
                  upload.handle(request, response);
                })
            .route(
                "DELETE",
                DOWNLOAD,
                (request, response) -> {
                  if (files.remove(request.pathParameter("name")) == null) {
                    throw new HttpError(404, "no such file");
                  }
                  response.sendText("deleted");
                })
            .start();
  }

  /** As the API server does: takes the part named file, answers with the URI to fetch it from. */
  private String keep(WebRequest request) {
    String body = request.bodyText();
    String boundary = body.substring(0, body.indexOf("\r\n"));
    assertThat(request.header("Content-Type").orElseThrow())
        .isEqualTo("multipart/form-data; boundary=" + boundary.substring(2));
    int head = body.indexOf("\r\n\r\n");
    assertThat(body.substring(0, head))
        .contains("name=\"file\"; filename=\"words-ada-tag-0.tar.gz\"");
    assertThat(body).endsWith("\r\n" + boundary + "--\r\n");
    String name = "1-words-ada-tag-0.tar.gz";
    files.put(name, body.substring(head + 4, body.length() - boundary.length() - 6));
    // The name by which containers reach the server need not be the one used here.
    return "http://download.example:9000/api/v1/file/download/" + name;
  }

  private HttpUploader uploader(Map<String, Object> values) {
    Map<String, Object> all = new HashMap<>();
    all.put("heron.topology.name", "words");
    all.put("heron.config.role", "ada");
    all.put("heron.topology.package.file", source.toString());
    all.put("heron.uploader.retry.count", 3);
    all.put("heron.uploader.retry.interval.ms", 1);
    if (server != null) {
      all.put("heron.uploader.http.uri", "http://127.0.0.1:" + server.port() + UPLOAD);
    }
    all.putAll(values);
    HttpUploader uploader = new HttpUploader();
    uploader.progress(progress);
    uploader.initialize(Config.of(all));
    return uploader;
  }

  private void assertFails(Map<String, Object> values, String message) {
    try (HttpUploader uploader = uploader(values)) {
      assertThatThrownBy(uploader::uploadPackage)
          .isInstanceOf(UploaderException.class)
          .hasMessageStartingWith("Cannot upload the topology package '" + source + "' to http://")
          .hasMessageContaining(message)
          .message()
          .doesNotContain("\n");
    }
    assertThat(files).isEmpty();
  }

  @Test
  void thePackageIsPostedAndTakenBackWhereItWasPosted() throws IOException {
    serve((request, response) -> response.sendText(keep(request) + "\n"));
    try (HttpUploader uploader = uploader(Map.of())) {
      URI uri = uploader.uploadPackage();
      assertThat(uri)
          .hasToString(
              "http://download.example:9000/api/v1/file/download/1-words-ada-tag-0.tar.gz");
      assertThat(files.values()).containsExactly("the package");
      assertThat(uploader.undo()).isTrue();
      assertThat(files).isEmpty();
      assertThat(uploader.undo()).isTrue();
    }
    assertThat(progress.notices()).isEmpty();
  }

  @Test
  void aKillRemovesThePackageWhoseAddressIsOnRecord() throws IOException {
    serve((request, response) -> response.sendText(keep(request)));
    String recorded;
    try (HttpUploader uploader = uploader(Map.of())) {
      assertThat(uploader.deletesByUri()).isTrue();
      recorded = uploader.uploadPackage().toString();
    }
    Map<String, Object> killed = Map.of("heron.package.topology.uri", recorded);
    for (int time = 0; time < 2; time++) {
      try (HttpUploader uploader = uploader(killed)) {
        uploader.delete();
      }
      assertThat(files).isEmpty();
    }
    assertThat(progress.notices()).isEmpty();
  }

  @Test
  void aKillSaysWhichPackageItCannotRemove() throws IOException {
    serve((request, response) -> response.sendText(keep(request)));
    try (HttpUploader uploader = uploader(Map.of())) {
      uploader.delete();
    }
    // Whoever can write to shared state must not be able to have others' things deleted.
    files.put("of-another", "x");
    String foreign = "http://x:9000/api/v1/file/download/of-another";
    for (String recorded : new String[] {foreign, foreign + "?-words-ada-tag-0.tar.gz", "a b"}) {
      try (HttpUploader uploader = uploader(Map.of("heron.package.topology.uri", recorded))) {
        uploader.delete();
      }
    }
    assertThat(files).containsOnlyKeys("of-another");
    assertThat(progress.notices()).hasSize(4);
    assertThat(progress.notices().get(0))
        .startsWith("The topology package stays on the server of http://127.0.0.1:")
        .endsWith("its URI is not on record");
    assertThat(progress.notices().get(1))
        .isEqualTo(
            "The topology package stays at '"
                + foreign
                + "', which does not end in 'words-ada-tag-0.tar.gz': remove it there");
    server.close();
    try (HttpUploader uploader =
        uploader(Map.of("heron.package.topology.uri", foreign + "-words-ada-tag-0.tar.gz"))) {
      assertThatThrownBy(uploader::delete)
          .isInstanceOf(UploaderException.class)
          .hasMessageStartingWith("Cannot delete the topology package at http://127.0.0.1:")
          .hasMessageContaining("it does not accept connections");
    }
  }

  @Test
  void aServerThatDoesNotDeleteIsNamedWhenTheUploadIsTakenBack() throws IOException {
    serve(
        (request, response) -> {
          keep(request);
          response.sendText("http://127.0.0.1:1/elsewhere");
        });
    try (HttpUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
      assertThat(uploader.undo()).isFalse();
    }
    assertThat(progress.notices())
        .singleElement()
        .asString()
        .contains("the server does not delete http://127.0.0.1:1/elsewhere: it answers 404");
  }

  @Test
  void theTokenIsSentToThatServer() throws IOException {
    serve(
        (request, response) -> {
          if (!request.header("Authorization").orElse("").equals("Bearer s3cret")) {
            throw new HttpError(401, "who are you?");
          }
          response.sendText(keep(request));
        });
    assertFails(Map.of(), "401 who are you?; check heron.uploader.http.token.file");
    assertThat(calls).as("no second attempt").hasValue(1);
    Path token = Files.writeString(directory.resolve("token"), "s3cret\n");
    try (HttpUploader uploader =
        uploader(Map.of("heron.uploader.http.token.file", token.toString()))) {
      uploader.uploadPackage();
    }
    Files.writeString(token, "two words");
    assertThatThrownBy(() -> uploader(Map.of("heron.uploader.http.token.file", token.toString())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("heron.uploader.http.token.file")
        .message()
        .doesNotContain("two words");
  }

  @Test
  void aBusyServerIsAskedAgain() throws IOException {
    serve(
        (request, response) -> {
          if (calls.get() < 3) {
            throw new HttpError(503, "busy");
          }
          response.sendText(keep(request));
        });
    try (HttpUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    assertThat(progress.notices()).hasSize(2).first().asString().contains("answers 503 busy");
  }

  @Test
  void refusalsAreRepeatedToTheUser() throws IOException {
    serve(
        (request, response) -> {
          throw new HttpError(413, "too large");
        });
    assertFails(Map.of(), "answers 413 too large; the package has 11 bytes, raise its limit");
    server.close();
    serve(
        (request, response) -> {
          throw new HttpError(507, "No space left on device");
        });
    assertFails(Map.of(), "answers 507 No space left on device");
    server.close();
    serve(
        (request, response) ->
            response.status(302).header("Location", "https://other/").sendEmpty());
    assertFails(Map.of(), "answers 302 (Location: https://other/); check heron.uploader.http.uri");
  }

  @Test
  void anAnswerThatIsNoUriIsAnError() throws IOException {
    for (String body : new String[] {"", "{\"message\": \"null\"}", "/relative", "a b", "x:y"}) {
      serve((request, response) -> response.sendText(body));
      assertFails(Map.of(), "the server answers no URI to fetch the package from, but 200");
      server.close();
    }
  }

  @Test
  void anAnswerWithoutEndIsNotRead() throws IOException {
    serve(
        (request, response) -> {
          var out = response.stream("text/plain");
          out.write(new byte[100_000]);
          out.close();
        });
    assertFails(Map.of(), "the answer has more than 65536 bytes");
  }

  @Test
  void nobodyListening() throws IOException {
    // Bound, so that nobody else listens there.
    try (Socket closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertFails(
          Map.of("heron.uploader.http.uri", "http://127.0.0.1:" + closed.getLocalPort() + UPLOAD),
          "it does not accept connections");
    }
    assertThat(progress.notices()).as("attempts").hasSize(2);
  }

  @Test
  void aServerThatDoesNotAnswerIsGivenUpAndMayHoldACopy() throws IOException {
    serve((request, response) -> end.await());
    assertFails(
        Map.of("heron.uploader.timeout.ms", 15_000),
        "nothing moved for 15000 ms (heron.uploader.timeout.ms) after the whole package was sent");
    assertThat(calls).as("a second attempt could leave two").hasValue(1);
    assertThat(progress.notices())
        .singleElement()
        .asString()
        .contains("look for 'words-ada-tag-0.tar.gz' there");
  }

  @Test
  void aServerThatTakesNothingIsGivenUp() throws IOException {
    Files.write(source, new byte[24 << 20]);
    try (ServerSocket deaf = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      assertFails(
          Map.of(
              "heron.uploader.http.uri",
              "http://127.0.0.1:" + deaf.getLocalPort() + UPLOAD,
              "heron.uploader.timeout.ms",
              200),
          "nothing moved for 200 ms");
    }
  }

  @Test
  void aConnectionThatBreaksHalfWayIsTriedAgain() throws Exception {
    Files.write(source, new byte[24 << 20]);
    try (ServerSocket cutter = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread cutting =
          new Thread(
              () -> {
                while (!cutter.isClosed()) {
                  try (var connection = cutter.accept()) {
                    connection.getInputStream().readNBytes(1 << 20);
                    connection.setSoLinger(true, 0);
                  } catch (IOException e) {
                    // The test is over, or the next attempt comes.
                  }
                }
              });
      cutting.setDaemon(true);
      cutting.start();
      assertFails(
          Map.of("heron.uploader.http.uri", "http://127.0.0.1:" + cutter.getLocalPort() + UPLOAD),
          "(tried 3 times)");
    }
    assertThat(progress.sent()).as("told how far it came").isNotEmpty();
  }

  @Test
  void addressesThatAreNoneAreRefused() {
    for (String bad : new String[] {"", "ftp://host/x", "host:9000", "http://", "http://a b/"}) {
      assertThatThrownBy(() -> uploader(Map.of("heron.uploader.http.uri", bad)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("heron.uploader.http.uri");
    }
    assertThatThrownBy(() -> uploader(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("heron.uploader.http.uri is not set");
  }
}
