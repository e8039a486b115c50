package org.apache.heron.uploader.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.heron.uploader.store.StoreException;
import org.apache.heron.uploader.store.StoreTimes;

/**
 * HTTP calls to one server, each ended when nothing has moved for too long. Calls to other servers
 * are made without the token.
 */
final class Exchange {
  private static final int MOST_BYTES = 64 << 10;
  private static final int SHOWN = 300;

  /** Too busy, or a part of it is away. */
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

  private final StoreTimes times;
  private final URI server;
  private final Optional<String> token;
  private final HttpClient client;

  /**
   * @param server the only one that is shown the token
   */
  Exchange(StoreTimes times, URI server, Optional<String> token) {
    this.times = times;
    this.server = server;
    this.token = token;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(times.connect())
            .build();
  }

  /** A whole answer. */
  record Answer(int status, String body, Optional<String> location) {
    boolean isPassing() {
      return PASSING.contains(status);
    }

    /** For messages: status and the beginning of the body, on one line. */
    String line() {
      String text = body.strip().replaceAll("\\s+", " ");
      String shown = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
      return status
          + location.map(where -> " (Location: " + where + ")").orElse("")
          + (shown.isEmpty() ? "" : " " + shown);
    }
  }

  /**
   * Makes a call.
   *
   * @param moved how far the call's body has come; any number that grows
   * @throws StoreException if there is no whole answer; passing unless the server cannot be named
   */
  Answer call(HttpRequest.Builder request, LongSupplier moved)
      throws StoreException, InterruptedException {
    URI uri = request.copy().build().uri();
    if (sameServer(uri)) {
      token.ifPresent(text -> request.setHeader("Authorization", "Bearer " + text));
    }
    CompletableFuture<HttpResponse<java.io.InputStream>> future =
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try {
      HttpResponse<java.io.InputStream> response = await(future, moved);
      return new Answer(
          response.statusCode(), body(response), response.headers().firstValue("Location"));
    } catch (ExecutionException e) {
      throw failed(e.getCause());
    } catch (IOException e) {
      throw failed(e);
    } finally {
      future.cancel(true);
    }
  }

  private boolean sameServer(URI uri) {
    return server.getScheme().equalsIgnoreCase(uri.getScheme())
        && server.getRawAuthority().equalsIgnoreCase(uri.getRawAuthority());
  }

  private <T> T await(CompletableFuture<T> future, LongSupplier moved)
      throws ExecutionException, InterruptedException, StoreException {
    long before;
    do {
      before = moved.getAsLong();
      try {
        return future.get(times.silence().toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Silence counts from the last byte that was taken.
      }
    } while (moved.getAsLong() > before);
    throw StoreException.passing(times.silenceText(), null);
  }

  /** The body is short; but a server may begin it and never end it. */
  private String body(HttpResponse<java.io.InputStream> response)
      throws IOException, ExecutionException, InterruptedException, StoreException {
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (java.io.InputStream in = response.body()) {
                read.complete(in.readNBytes(MOST_BYTES + 1));
              } catch (IOException e) {
                read.completeExceptionally(e);
              }
            },
            "http-answer");
    reader.setDaemon(true);
    reader.start();
    try {
      byte[] bytes = await(read, () -> 0);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("the answer has more than " + MOST_BYTES + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } finally {
      // Ends the reader, too, if it still waits.
      response.body().close();
    }
  }

  private StoreException failed(Throwable cause) {
    String reason;
    if (cause instanceof HttpConnectTimeoutException) {
      reason = times.connectText();
    } else if (cause instanceof ConnectException) {
      reason = "it does not accept connections" + detail(cause);
    } else {
      reason = "the connection broke" + detail(cause);
    }
    return StoreException.passing(reason, cause);
  }

  private static String detail(Throwable cause) {
    Throwable deepest = cause;
    while (deepest.getMessage() == null && deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getMessage() == null
        ? " (" + deepest.getClass().getSimpleName() + ")"
        : " (" + deepest.getMessage() + ")";
  }
}
