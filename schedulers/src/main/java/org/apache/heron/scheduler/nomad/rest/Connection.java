package org.apache.heron.scheduler.nomad.rest;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.tls.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls Nomad's servers, one after the other until one answers; the one that did is asked first
 * next time. Every call that is made through it can be repeated without harm, so a call whose
 * answer got lost is made again at the next server. Thread-safe.
 */
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final String CA_FILE_KEY = "heron.nomad.tls.ca.file";
  private static final String TIMEOUT_KEY = "heron.nomad.request.timeout.ms";
  private static final String LEADER_KEY = "heron.nomad.leader.wait.ms";
  private static final int MOST_BYTES = 64 << 20;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final List<URI> servers;
  private final String source;
  private final Optional<Token> token;
  private final Trust trust;
  private final Map<String, String> everyQuery;
  private final Duration limit;
  private final Duration leaderWait;
  private final HttpClient client;
  private volatile int first;

  /**
   * @param everyQuery parameters of every call: namespace and region
   * @throws org.apache.heron.spi.config.ConfigException if a setting is wrong
   */
  Connection(Config config, Map<String, String> environment, Map<String, String> everyQuery) {
    this.servers = Server.all(config);
    this.source = Server.KEY + ", from " + config.sourceOf(Server.KEY);
    this.token = Token.of(config, environment);
    this.trust = new Trust(CA_FILE_KEY, config.optionalPath(CA_FILE_KEY));
    this.everyQuery = Map.copyOf(everyQuery);
    this.limit = config.duration(TIMEOUT_KEY, ChronoUnit.MILLIS, Duration.ofSeconds(10));
    this.leaderWait = config.duration(LEADER_KEY, ChronoUnit.MILLIS, Duration.ofSeconds(10));
    if (limit.isZero()) {
      throw config.malformed(TIMEOUT_KEY, 0, "at least 1 millisecond");
    }
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limit);
    trust.context().ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  /** All of them. */
  List<URI> servers() {
    return List.copyOf(servers);
  }

  /** Where it is called first now. */
  URI server() {
    return servers.get(first);
  }

  /**
   * Makes one call.
   *
   * @param path below the server's address, with encoded parts
   * @param body JSON; empty for none
   * @throws SchedulerException if no server answers, none has a leader, or the token is refused
   */
  Answer call(String method, String path, Map<String, String> query, Optional<byte[]> body) {
    String target = path + queryText(query);
    long end = System.nanoTime() + leaderWait.toNanos();
    while (true) {
      Optional<Answer> answer = round(method, target, body);
      if (answer.isPresent() && !answer.get().isPassing()) {
        requireLetIn(answer.get());
        return answer.get();
      }
      if (System.nanoTime() - end > 0) {
        throw new SchedulerException(
            "Nomad at "
                + answer.map(Answer::server).orElse(server())
                + " cannot work just now: "
                + answer.map(given -> given.status() + " " + given.line()).orElse("no answer"));
      }
      pause();
    }
  }

  /**
   * Asks each server once.
   *
   * @return the last answer, which is a passing failure if all were
   * @throws SchedulerException if none answered at all
   */
  private Optional<Answer> round(String method, String target, Optional<byte[]> body) {
    List<String> failures = new ArrayList<>();
    Optional<Answer> last = Optional.empty();
    int begin = first;
    for (int i = 0; i < servers.size(); i++) {
      int index = (begin + i) % servers.size();
      URI server = servers.get(index);
      try {
        Answer answer = ask(server, method, target, body);
        last = Optional.of(answer);
        if (!answer.isPassing()) {
          first = index;
          return last;
        }
        LOG.debug("{} answers {} {}", server, answer.status(), answer.line());
      } catch (IOException e) {
        LOG.debug("{} {} at {}: {}", method, target, server, e.toString());
        failures.add(server + ": " + reason(e));
      }
    }
    if (last.isEmpty()) {
      throw new SchedulerException(
          "no Nomad server answers (" + source + "): " + String.join("; ", failures));
    }
    return last;
  }

  private Answer ask(URI server, String method, String target, Optional<byte[]> body)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + target))
            .method(
                method,
                body.map(HttpRequest.BodyPublishers::ofByteArray)
                    .orElse(HttpRequest.BodyPublishers.noBody()));
    request.header("Accept", "application/json");
    body.ifPresent(given -> request.header("Content-Type", "application/json"));
    token.ifPresent(given -> request.header("X-Nomad-Token", given.secret()));
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request.build(), BoundedBody.of(MOST_BYTES));
    try {
      // The request's own limit would end with the headers; this one is for the body too.
      HttpResponse<byte[]> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(
          server, response.statusCode(), response.body(), response.headers().firstValue("Date"));
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new HttpTimeoutException(
          "no answer within " + limit.toMillis() + " ms (" + TIMEOUT_KEY + ")");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new SchedulerException("interrupted while Nomad was asked", e);
    }
  }

  private String reason(IOException failure) {
    // A name that is not known is wrapped as a connection that was refused.
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
        return "there is no host of that name";
      }
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException tls) {
        return trust.explain(tls);
      }
      if (cause instanceof HttpConnectTimeoutException) {
        return "no connection within " + limit.toMillis() + " ms (" + TIMEOUT_KEY + ")";
      }
      if (cause instanceof ConnectException) {
        return "connection refused";
      }
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private void requireLetIn(Answer answer) {
    if (answer.status() == 401 || answer.status() == 403) {
      String given =
          token
              .map(known -> known.source() + " does not open it")
              .orElse("it asks for a token: " + Token.FILE_KEY + " or " + Token.VARIABLE);
      throw new SchedulerException(
          "Nomad at "
              + answer.server()
              + " refuses"
              + Optional.ofNullable(everyQuery.get("namespace"))
                  .map(name -> " in namespace '" + name + "'")
                  .orElse("")
              + ": "
              + answer.line()
              + "; "
              + given);
    }
  }

  private String queryText(Map<String, String> query) {
    StringBuilder text = new StringBuilder();
    List.of(everyQuery, query)
        .forEach(
            all ->
                all.forEach(
                    (name, value) ->
                        text.append(text.isEmpty() ? '?' : '&')
                            .append(name)
                            .append('=')
                            .append(encode(value))));
    return text.toString();
  }

  /** As a part of a path or query. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchedulerException("interrupted while Nomad was asked", e);
    }
  }
}
