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
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final byte[] GET_EVENTS =
      "GET /events HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private WebServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aPathParameterIsDecodedAndTheRestOfAPathMayHoldSlashes() throws Exception {
    server =
        WebServer.builder()
            .route(
                "GET",
                "/tasks/{id}/files/{path*}",
                (request, response) ->
                    response.sendText(
                        request.pathParameter("id") + "|" + request.pathParameter("path")))
            .start();

    assertThat(get("/tasks/a%20b/files/x/y.log").body()).isEqualTo("a b|x/y.log");
    assertThat(get("/tasks/1/files/").body()).isEqualTo("1|");
  }

  @Test
  void anUnknownPathIs404AndAWrongMethodSaysWhichIsRight() throws Exception {
    server = WebServer.builder().route("POST", "/kill", (q, r) -> r.sendEmpty()).start();

    assertThat(get("/nowhere").statusCode()).isEqualTo(404);
    HttpResponse<String> wrong = get("/kill");
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.headers().firstValue("Allow")).contains("POST");
  }

  @Test
  void aBodyAboveTheLimitIsRefusedAndTheHandlerNeverSeesIt() throws Exception {
    AtomicReference<byte[]> seen = new AtomicReference<>();
    server =
        WebServer.builder()
            .maxBody(1000)
            .route(
                "POST",
                "/",
                (request, response) -> {
                  seen.set(request.body());
                  response.sendEmpty();
                })
            .start();

    assertThat(post("x".repeat(1000)).statusCode()).isEqualTo(200);
    seen.set(null);
    assertThat(post("x".repeat(1001)).statusCode()).isEqualTo(413);
    assertThat(seen.get()).isNull();
  }

  @Test
  void aHandlersErrorBecomesItsStatusAndAnyOtherExceptionA500() throws Exception {
    server =
        WebServer.builder()
            .route(
                "GET",
                "/refused",
                (q, r) -> {
                  throw new HttpError(403, "not yours");
                })
            .route(
                "GET",
                "/broken",
                (q, r) -> {
                  throw new IOException("disk is full");
                })
            .route("GET", "/silent", (q, r) -> {})
            .start();

    assertThat(get("/refused").statusCode()).isEqualTo(403);
    assertThat(get("/refused").body()).isEqualTo("not yours");
    assertThat(get("/broken").statusCode()).isEqualTo(500);
    assertThat(get("/broken").body()).isEqualTo("disk is full");
    assertThat(get("/silent").statusCode()).isEqualTo(500);
  }

  @Test
  void closingASecondTimeDoesNothing() throws Exception {
    server = WebServer.builder().route("GET", "/", (q, r) -> r.sendEmpty()).start();
    server.close();
    server.close();
  }

  @Test
  void garbageInsteadOfHttpIsAnswered400() throws Exception {
    server = WebServer.builder().route("GET", "/", (q, r) -> r.sendEmpty()).start();

    assertThat(raw("GARBAGE\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(raw("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void requestsThatAreSentAheadAreAnsweredOneAfterTheOther() throws Exception {
    CountDownLatch overtaken = new CountDownLatch(1);
    server =
        WebServer.builder()
            .route(
                "GET",
                "/slow",
                (request, response) -> {
                  boolean late = overtaken.await(1, TimeUnit.SECONDS);
                  response.sendText(late ? "[overtaken]" : "[slow]");
                })
            .route(
                "POST",
                "/{number}",
                (request, response) -> {
                  overtaken.countDown();
                  response.sendText("[" + request.pathParameter("number") + request.bodyText());
                })
            .start();
    int requests = 200;
    StringBuilder all = new StringBuilder("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    StringBuilder answers = new StringBuilder("[slow]");
    for (int number = 0; number < requests; number++) {
      boolean last = number == requests - 1;
      String body = "." + "x".repeat(number % 10 == 0 ? 20_000 : 3) + "]";
      all.append("POST /").append(number).append(" HTTP/1.1\r\nHost: x\r\n");
      all.append(last ? "Connection: close\r\n" : "");
      all.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
      answers.append('[').append(number).append(body);
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      Thread sender =
          new Thread(
              () -> {
                try {
                  OutputStream out = socket.getOutputStream();
                  out.write(all.toString().getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                  // What is missing is noticed by who reads.
                }
              });
      sender.start();
      String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      sender.join();
      Matcher bodies = Pattern.compile("\\[[^]]*]").matcher(text);
      StringBuilder found = new StringBuilder();
      while (bodies.find()) {
        found.append(bodies.group());
      }
      assertThat(found.toString().replaceAll("x+", "x"))
          .isEqualTo(answers.toString().replaceAll("x+", "x"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aStreamIsClosedOnOurSideWhenTheClientGoes(int requests) throws Exception {
    AtomicReference<StreamSink> sink = new AtomicReference<>();
    CountDownLatch closed = new CountDownLatch(1);
    server =
        WebServer.builder()
            .route(
                "GET",
                "/events",
                (request, response) -> {
                  StreamSink stream = response.stream("application/json");
                  stream.onClose(closed::countDown);
                  stream.write("first".getBytes(StandardCharsets.UTF_8));
                  sink.set(stream);
                })
            .start();

    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      for (int sent = 0; sent < requests; sent++) {
        // One that is sent ahead does not hide that the client goes.
        socket.getOutputStream().write(GET_EVENTS);
      }
      await().atMost(PATIENCE).until(() -> sink.get() != null);
      assertThat(sink.get().isOpen()).isTrue();
    }

    assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(sink.get().write(new byte[1])).isFalse();
  }

  @Test
  void aReaderThatNeverReadsIsCutWhenItsBacklogIsFull() throws Exception {
    AtomicReference<StreamSink> sink = new AtomicReference<>();
    server =
        WebServer.builder()
            .maxStreamBacklog(1 << 20)
            .route("GET", "/events", (q, response) -> sink.set(response.stream("text/plain")))
            .start();

    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(GET_EVENTS);
      await().atMost(PATIENCE).until(() -> sink.get() != null);
      byte[] chunk = new byte[1 << 20];
      await().atMost(PATIENCE).until(() -> !sink.get().write(chunk));
      assertThat(sink.get().isOpen()).isFalse();
    }
  }

  @Test
  void aBigDownloadArrivesWhole() throws Exception {
    byte[] block = new byte[1 << 16];
    server =
        WebServer.builder()
            .route(
                "GET",
                "/big",
                (request, response) -> {
                  try (OutputStream out = response.output("application/octet-stream")) {
                    for (int i = 0; i < 256; i++) {
                      out.write(block);
                    }
                  }
                })
            .start();

    HttpResponse<InputStream> response =
        client.send(
            HttpRequest.newBuilder(uri("/big")).build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(256L << 16);
    }
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() throws Exception {
    server =
        WebServer.builder()
            .idleTimeout(Duration.ofMillis(200))
            .route("GET", "/", (q, r) -> r.sendEmpty())
            .start();

    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(30_000);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aPortInUseIsNamedInTheError() throws Exception {
    server = WebServer.builder().route("GET", "/", (q, r) -> r.sendEmpty()).start();

    assertThatThrownBy(() -> WebServer.builder().port(server.port()).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + server.port());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri("/"))
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
