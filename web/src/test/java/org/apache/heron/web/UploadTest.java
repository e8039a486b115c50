package org.apache.heron.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads, and the ways in which they go wrong. Nothing is ever left in the directory. */
class UploadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration PACE = Duration.ofMillis(500);

  @TempDir Path directory;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private WebServer server;

  @AfterEach
  void nothingIsLeft() throws IOException {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(files()).isEmpty());
    if (server != null) {
      server.close();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  /** The sizes of the files. */
  private List<Long> received() throws IOException {
    List<Long> sizes = new ArrayList<>();
    for (Path file : files()) {
      sizes.add(Files.size(file));
    }
    return sizes;
  }

  @Test
  void aBodyIsInAFileWhileItsHandlerRuns() throws Exception {
    start(limits(1 << 20, 4, PATIENCE), builder -> {});
    byte[] body = new byte[700_000];
    HttpResponse<String> answer = post(body);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("700000");
    // The connection goes on.
    assertThat(post(new byte[3]).body()).isEqualTo("3");
  }

  @Test
  void aBodyAboveTheLimitIsRefusedWhetherAnnouncedOrNot() throws Exception {
    start(limits(1000, 4, PATIENCE), builder -> {});
    HttpResponse<String> announced = post(new byte[5_000_000]);
    assertThat(announced.statusCode()).isEqualTo(413);
    assertThat(announced.body()).contains("larger than 1000 bytes");
    HttpResponse<String> chunked =
        client.send(
            request()
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(new byte[3_000])))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(chunked.statusCode()).isEqualTo(413);
  }

  /** When each of several clients sent something. */
  private static final class Sendings {
    private final Map<String, Long> last = new HashMap<>();
    private long longestGap;

    synchronized void by(String who) {
      long now = System.nanoTime();
      Long before = last.put(who, now);
      longestGap = Math.max(longestGap, before == null ? 0 : now - before);
    }

    /** True if a client may have been cut for its silence; nobody has kept the pace then. */
    synchronized boolean werePaused() {
      long now = System.nanoTime();
      long open = last.values().stream().mapToLong(sent -> now - sent).max().orElse(0);
      return Math.max(longestGap, open) > Farewell.SILENCE.toNanos() / 2;
    }
  }

  /** Most clients read no answer before they have sent all. */
  @Test
  void aClientThatSendsOnForLongAfterItWasRefusedStillReadsWhy() throws Exception {
    for (int attempt = 1; ; attempt++) {
      Sendings sendings = new Sendings();
      try {
        sendOnForLongAfterARefusal(sendings);
        return;
      } catch (Exception | AssertionError e) {
        if (attempt == 10 || !sendings.werePaused()) {
          throw e;
        }
        server.close();
      }
    }
  }

  private void sendOnForLongAfterARefusal(Sendings sendings) throws Exception {
    start(
        limits(1000, 4, PATIENCE),
        builder ->
            builder
                .maxBody(1000)
                .route("POST", "/small", (request, response) -> response.sendEmpty()));
    int pieces = 10;
    String piece = "x".repeat(100_000);
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(
            request()
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () ->
                            new PacedInputStream(
                                pieces, piece.length(), () -> sendings.by("client"))))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    try (Socket upload = socket();
        Socket small = socket()) {
      String end =
          " HTTP/1.1\r\nHost: x\r\nContent-Length: " + pieces * piece.length() + "\r\n\r\n";
      send(upload, "POST /upload" + end);
      send(small, "POST /small" + end);
      sendings.by("upload");
      sendings.by("small");
      for (int sent = 0; sent < pieces; sent++) {
        pass(PACE);
        send(upload, piece);
        sendings.by("upload");
        send(small, piece);
        sendings.by("small");
      }
      assertThat(answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(413);
      assertThat(text(upload))
          .startsWith("HTTP/1.1 413")
          .endsWith("the upload is larger than 1000 bytes");
      assertThat(text(small))
          .startsWith("HTTP/1.1 413")
          .endsWith("request body is larger than 1000 bytes");
    }
  }

  @Test
  void aRefusedClientThatNeverEndsIsCut() throws Exception {
    start(limits(1000, 4, Duration.ofSeconds(1)), builder -> {});
    try (Socket socket = socket()) {
      send(socket, "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n");
      assertThat(text(socket)).startsWith("HTTP/1.1 413");
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(
              () -> assertThatThrownBy(() -> send(socket, "x")).isInstanceOf(IOException.class));
    }
  }

  @Test
  void anUploadThatDripsIsEnded() throws Exception {
    start(limits(1 << 20, 4, Duration.ofMillis(300)), builder -> {});
    try (Socket socket = socket()) {
      send(socket, "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
      assertThat(text(socket)).contains("408", "not come in within 0 seconds");
    }
  }

  @Test
  void anUploadHasItsOwnTimeHoweverShortThatOfOtherRequests() throws Exception {
    Duration requestTime = Duration.ofMillis(300);
    start(limits(1 << 20, 4, PATIENCE), builder -> builder.requestTime(requestTime));
    try (Socket socket = socket()) {
      send(socket, "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(received()).containsExactly(3L));
      send(socket, "d");
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(received()).containsExactly(4L));
      pass(requestTime.multipliedBy(3));
      send(socket, "efghij");
      assertThat(line(socket)).isEqualTo("HTTP/1.1 200 OK");
      // The next request on this connection is timed again.
      send(socket, "GET / HTTP/1.1\r\nHost: ");
      assertThat(text(socket)).contains("HTTP/1.1 408");
    }
  }

  @Test
  void aRequestWhoseHeadDripsIsEnded() throws Exception {
    start(limits(1 << 20, 4, PATIENCE), builder -> builder.requestTime(Duration.ofMillis(300)));
    try (Socket socket = socket()) {
      send(socket, "GET / HTTP/1.1\r\nHost: ");
      assertThat(text(socket)).startsWith("HTTP/1.1 408");
    }
  }

  @Test
  void aClientThatLeavesHalfWayLeavesNothing() throws Exception {
    start(limits(1 << 20, 1, PATIENCE), builder -> {});
    try (Socket socket = socket()) {
      send(socket, "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(files()).hasSize(1));
      assertThat(post(new byte[1]).statusCode()).as("a second one").isEqualTo(503);
    }
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(files()).isEmpty());
    assertThat(post(new byte[1]).statusCode()).isEqualTo(200);
  }

  @Test
  void theGateIsAskedBeforeTheBodyIsSent() throws Exception {
    start(
        limits(1 << 20, 4, PATIENCE),
        builder ->
            builder.gate(
                head -> {
                  if (head.header("Authorization").isEmpty()) {
                    throw new HttpError(
                        401, "a token is needed", Map.of("WWW-Authenticate", "Bearer"));
                  }
                }));
    try (Socket socket = socket()) {
      send(
          socket,
          "POST /upload HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
      assertThat(text(socket)).startsWith("HTTP/1.1 401").contains("a token is needed");
    }
    HttpResponse<String> plain =
        client.send(HttpRequest.newBuilder(uri("/")).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(plain.statusCode()).isEqualTo(401);
    assertThat(plain.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    HttpResponse<String> in =
        client.send(
            request()
                .header("Authorization", "x")
                .expectContinue(true)
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[9]))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(in.body()).isEqualTo("9");
  }

  @Test
  void aFullDiskIsSaid() throws Exception {
    UploadLimits full = new UploadLimits(directory, 1 << 20, Long.MAX_VALUE / 2, 4, PATIENCE);
    start(full, builder -> {});
    HttpResponse<String> answer = post(new byte[100]);
    assertThat(answer.statusCode()).isEqualTo(507);
    assertThat(answer.body()).contains("cannot store an upload of 100 bytes").contains("are free");
  }

  @Test
  void aDirectoryThatIsGoneIsSaid() throws Exception {
    Path gone = directory.resolve("gone");
    start(new UploadLimits(gone, 1 << 20, 0, 4, PATIENCE), builder -> {});
    HttpResponse<String> answer = post(new byte[100]);
    assertThat(answer.statusCode()).isEqualTo(507);
    assertThat(answer.body()).contains("cannot store the upload").contains("gone");
  }

  @Test
  void errorsAreWrittenAsTheServerIsTold() throws Exception {
    start(
        limits(10, 4, PATIENCE),
        builder ->
            builder
                .maxBody(10)
                .errors(
                    (status, message) ->
                        new ErrorFormat.Body("text/x-error", status + "!" + message))
                .route("POST", "/small", (request, response) -> response.sendEmpty())
                .notFound((request, response) -> response.status(404).sendText("look elsewhere")));
    assertThat(post(new byte[11]).body()).startsWith("413!the upload is larger");
    HttpResponse<String> small =
        client.send(
            HttpRequest.newBuilder(uri("/small"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[11]))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(small.body()).startsWith("413!request body is larger");
    assertThat(small.headers().firstValue("Content-Type")).contains("text/x-error");
    assertThat(get("/small")).startsWith("405!");
    assertThat(get("/nowhere")).isEqualTo("look elsewhere");
  }

  @Test
  void aHandlerLearnsThatItsClientHasGone() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    start(
        limits(10, 4, PATIENCE),
        builder ->
            builder.route(
                "GET",
                "/wait",
                (request, response) -> {
                  response.onDisconnect(gone::countDown);
                  gone.await();
                  response.sendEmpty();
                }));
    try (Socket socket = socket()) {
      send(socket, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    assertThat(gone.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void uploadsNeedLimits() {
    assertThatThrownBy(() -> WebServer.builder().upload("POST", "/", (q, r) -> {}).start())
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new UploadLimits(directory, 0, 0, 1, PATIENCE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private UploadLimits limits(long bytes, int atOnce, Duration time) {
    return new UploadLimits(directory, bytes, 0, atOnce, time);
  }

  private void start(UploadLimits limits, java.util.function.Consumer<WebServer.Builder> more)
      throws IOException {
    WebServer.Builder builder =
        WebServer.builder()
            .uploads(limits)
            .upload(
                "POST",
                "/upload",
                (request, response) ->
                    response.sendText("" + Files.size(request.bodyFile().orElseThrow())));
    more.accept(builder);
    server = builder.start();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(uri("/upload")).timeout(PATIENCE);
  }

  private HttpResponse<String> post(byte[] body) throws Exception {
    return client.send(
        request().POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String get(String path) throws Exception {
    return client
        .send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private Socket socket() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** What a slow line leaves of a body. */
  private static final class PacedInputStream extends InputStream {
    private final byte[] piece;
    private final Runnable sent;
    private int left;

    PacedInputStream(int pieces, int length, Runnable sent) {
      this.sent = sent;
      this.left = pieces;
      this.piece = new byte[length];
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("read in bulk");
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      left--;
      pass(PACE);
      sent.run();
      int read = Math.min(length, piece.length);
      System.arraycopy(piece, 0, buffer, offset, read);
      return read;
    }
  }

  /** Lets time go by, of which nothing can be awaited but the clock. */
  private static void pass(Duration time) {
    await().pollDelay(time).atMost(PATIENCE.plus(time)).until(() -> true);
  }

  private static String line(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = socket.getInputStream().read();
        next >= 0 && next != '\r';
        next = socket.getInputStream().read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  private static String text(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
