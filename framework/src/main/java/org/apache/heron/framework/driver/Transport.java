package org.apache.heron.framework.driver;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** Sends calls to a master by HTTP/1.1, in protobuf. Thread-safe. */
final class Transport implements AutoCloseable {
  static final String STREAM_ID = "Mesos-Stream-Id";
  static final String PROTOBUF = "application/x-protobuf";

  private final DriverOptions options;
  private final ExecutorService executor;
  private final HttpClient client;

  Transport(DriverOptions options) {
    this.options = options;
    AtomicInteger number = new AtomicInteger();
    executor =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "mesos-http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(options.connectLimit())
            .executor(executor);
    options.trust().context().ifPresent(builder::sslContext);
    client = builder.build();
  }

  /**
   * Tries whether someone listens there at all.
   *
   * @throws IOException if not; {@link #reason} says why
   */
  void probe(Endpoint master) throws IOException {
    InetSocketAddress address = new InetSocketAddress(master.host(), master.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException(master.host());
    }
    try (Socket socket = new Socket()) {
      socket.connect(address, Math.toIntExact(options.connectLimit().toMillis()));
    }
  }

  /** Subscribes; completes with the head of the answer. The body is the caller's to close. */
  CompletableFuture<HttpResponse<InputStream>> subscribe(Endpoint master, Call call)
      throws IOException {
    HttpRequest request = request(master, call, Optional.empty());
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
  }

  /** Sends any other call and waits for the answer. */
  HttpResponse<String> call(Endpoint master, String streamId, Call call)
      throws IOException, InterruptedException {
    return await(
        client.sendAsync(request(master, call, Optional.of(streamId)), BoundedText.handler()));
  }

  /** Asks by the operator API, and waits for the whole answer. */
  HttpResponse<byte[]> ask(Endpoint master, org.apache.mesos.v1.master.Protos.Call call)
      throws IOException, InterruptedException {
    HttpRequest request = request(master.operatorApi(), call.toByteArray()).build();
    return await(client.sendAsync(request, BoundedBytes.handler(options.maximumRecordBytes())));
  }

  private <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> answer)
      throws IOException, InterruptedException {
    try {
      return answer.get(options.callLimit().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure
          ? failure
          : new IOException(e.getCause().toString(), e.getCause());
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no answer within " + seconds(options.callLimit()));
    } catch (CancellationException e) {
      throw new IOException("cancelled", e);
    } finally {
      answer.cancel(true);
    }
  }

  private HttpRequest request(Endpoint master, Call call, Optional<String> streamId)
      throws IOException {
    HttpRequest.Builder request = request(master.schedulerApi(), call.toByteArray());
    streamId.ifPresent(id -> request.header(STREAM_ID, id));
    return request.build();
  }

  private HttpRequest.Builder request(URI address, byte[] call) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", PROTOBUF)
            .header("Accept", PROTOBUF)
            .timeout(options.callLimit())
            .POST(HttpRequest.BodyPublishers.ofByteArray(call));
    if (options.credential().isPresent()) {
      request.header("Authorization", options.credential().get().basic());
    }
    return request;
  }

  /** Why a connection or call failed, for people. */
  String reason(Throwable failure) {
    if (failure instanceof UnknownHostException) {
      return "the host '" + failure.getMessage() + "' is unknown";
    }
    if (failure instanceof SocketTimeoutException
        || failure instanceof HttpConnectTimeoutException) {
      return "no connection within " + seconds(options.connectLimit());
    }
    if (failure instanceof HttpTimeoutException) {
      return "no answer within " + seconds(options.callLimit());
    }
    // Java's client sometimes wraps it.
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException tls) {
        return options.trust().explain(tls);
      }
    }
    String message = failure.getMessage();
    if (message == null) {
      return failure.getClass().getSimpleName();
    }
    return failure instanceof ConnectException ? message.toLowerCase(Locale.ROOT) : message;
  }

  /** A duration as people read it: whole seconds, or milliseconds below one. */
  static String seconds(Duration duration) {
    return duration.toMillis() < 1_000
        ? duration.toMillis() + " ms"
        : (duration.toMillis() + 500) / 1_000 + " s";
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
