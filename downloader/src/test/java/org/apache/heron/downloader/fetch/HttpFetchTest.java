package org.apache.heron.downloader.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class HttpFetchTest {
  private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.UTF_8);
  private static final HttpFetch FETCH =
      new HttpFetch(Duration.ofSeconds(10), Duration.ofSeconds(30), 3, Duration.ofMillis(1), 1000);

  @TempDir Path directory;
  private CuttingServer server;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    server = new CuttingServer();
    file = directory.resolve("p.tar.gz");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void fetch() throws IOException, InterruptedException {
    FETCH.fetch(URI.create(server.uri()), HttpFetch.NO_HEADERS, file);
  }

  private void assertFails(String... messages) {
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(messages);
  }

  private static byte[] from(int start) {
    return Arrays.copyOfRange(CONTENT, start, CONTENT.length);
  }

  @Test
  void aDownloadThatIsCutGoesOnWhereItWasCut() throws Exception {
    server
        .answer("HTTP/1.1 200 OK\nContent-Length: 10\nETag: \"1\"", Arrays.copyOf(CONTENT, 4))
        .answer("HTTP/1.1 503 Busy\nContent-Length: 0", new byte[0])
        .answer(
            "HTTP/1.1 206 Partial\nContent-Length: 6\nContent-Range: bytes 4-9/10",
            Arrays.copyOfRange(CONTENT, 4, 7))
        .answer("HTTP/1.1 206 Partial\nContent-Length: 3\nContent-Range: bytes 7-9/10", from(7));
    fetch();
    assertThat(file).hasBinaryContent(CONTENT);
    assertThat(server.requests()).hasSize(4);
    assertThat(server.requests().get(0)).doesNotContainKey("range");
    assertThat(server.requests().get(3))
        .containsEntry("range", "bytes=7-")
        .containsEntry("if-range", "\"1\"");
  }

  @Test
  void aFileThatHasChangedIsFetchedAnew() throws Exception {
    server
        .answer("HTTP/1.1 200 OK\nContent-Length: 20\nETag: \"1\"", new byte[9])
        .answer("HTTP/1.1 200 OK\nContent-Length: 10\nETag: \"2\"", CONTENT);
    fetch();
    assertThat(file).hasBinaryContent(CONTENT);
  }

  @Test
  void withoutAWordOnSamenessItIsFetchedAnew() throws Exception {
    server
        .answer("HTTP/1.1 200 OK\nContent-Length: 10\nETag: W/\"1\"", Arrays.copyOf(CONTENT, 4))
        .answer("HTTP/1.1 200 OK\nContent-Length: 10", CONTENT);
    fetch();
    assertThat(file).hasBinaryContent(CONTENT);
    assertThat(server.requests().get(1)).doesNotContainKey("range");
  }

  @Test
  void aServerThatGoesOnElsewhereIsNotBelieved() throws Exception {
    server
        .answer("HTTP/1.1 200 OK\nContent-Length: 10\nETag: \"1\"", Arrays.copyOf(CONTENT, 4))
        .answer("HTTP/1.1 206 Partial\nContent-Length: 5\nContent-Range: bytes 5-9/10", from(5))
        .answer("HTTP/1.1 200 OK\nContent-Length: 10\nETag: \"1\"", CONTENT);
    fetch();
    assertThat(file).hasBinaryContent(CONTENT);
  }

  @Test
  void aDownloadThatIsAlwaysCutIsGivenUp() {
    for (int i = 0; i < 3; i++) {
      server.answer("HTTP/1.1 200 OK\nContent-Length: 10", Arrays.copyOf(CONTENT, 4));
    }
    assertFails("3 attempts; 4 of 10 bytes came");
  }

  /** Without a word on sameness each attempt begins anew: coming to 6 after 4 is no progress. */
  @Test
  void aDownloadThatIsCutAtEverOtherPlacesIsGivenUp() {
    for (int cut : new int[] {6, 4, 6, 4, 6, 4, 6, 4}) {
      server.answer("HTTP/1.1 200 OK\nContent-Length: 10", Arrays.copyOf(CONTENT, cut));
    }
    assertFails("3 attempts");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void aChunkedAnswerThatIsCutIsNoWholeFile() {
    for (int i = 0; i < 3; i++) {
      server.answer(
          "HTTP/1.1 200 OK\nTransfer-Encoding: chunked",
          "4\r\n0123\r\n".getBytes(StandardCharsets.UTF_8));
    }
    assertFails("3 attempts");
  }

  @Test
  void refusalsAreNotTriedAgain() {
    server.answer(
        "HTTP/1.1 404 Not Found\nContent-Length: 12",
        "no such file".getBytes(StandardCharsets.UTF_8));
    assertFails("the server answers 404 no such file");
    server.answer("HTTP/1.1 403 Forbidden\nContent-Length: 0", new byte[0]);
    assertFails("the server answers 403");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void filesThatAreTooLargeAreRefused() {
    server.answer("HTTP/1.1 200 OK\nContent-Length: 1001", new byte[10]);
    assertFails("it has 1001 bytes, more than 1000");
    server.answer("HTTP/1.1 200 OK", new byte[1001]);
    assertFails("it has more than 1000 bytes");
  }

  @Test
  void redirectsAreFollowedWithoutSecrets() throws Exception {
    try (CuttingServer other = new CuttingServer()) {
      server.answer(
          "HTTP/1.1 302 Found\nLocation: " + other.uri() + "\nContent-Length: 0", new byte[0]);
      other.answer("HTTP/1.1 200 OK\nContent-Length: 10", CONTENT);
      FETCH.fetch(
          URI.create(server.uri().replace("//", "//ada:pw@")),
          uri -> Map.of("x-secret", "s"),
          file);
      assertThat(file).hasBinaryContent(CONTENT);
      assertThat(server.requests().get(0)).containsKeys("authorization", "x-secret");
      assertThat(other.requests().get(0)).doesNotContainKeys("authorization", "x-secret");
    }
  }

  @Test
  void redirectsThatLeadNowhereAreRefused() {
    for (String location : new String[] {"file:///etc/passwd", "ftp://x/", "::"}) {
      server.answer("HTTP/1.1 302 Found\nContent-Length: 0\nLocation: " + location, new byte[0]);
      assertFails("the server redirects to '" + location + "'");
    }
    for (int i = 0; i < 6; i++) {
      server.answer("HTTP/1.1 302 Found\nContent-Length: 0\nLocation: /p.tar.gz", new byte[0]);
    }
    assertFails("redirected more than 5 times");
  }

  @Test
  void serversThatDoNotAnswerAreGivenUp() throws Exception {
    HttpFetch hasty =
        new HttpFetch(
            Duration.ofSeconds(10), Duration.ofMillis(200), 2, Duration.ofMillis(1), 1000);
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/p");
      assertThatThrownBy(() -> hasty.fetch(uri, HttpFetch.NO_HEADERS, file))
          .hasMessageContainingAll("timed out", "2 attempts");
    }
    // Bound, so that nobody else listens there.
    try (Socket closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      URI uri = URI.create("http://127.0.0.1:" + closed.getLocalPort() + "/p");
      assertThatThrownBy(() -> hasty.fetch(uri, HttpFetch.NO_HEADERS, file))
          .hasMessageContainingAll("Connection refused", "2 attempts");
    }
  }
}
