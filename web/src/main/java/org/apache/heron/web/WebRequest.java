package org.apache.heron.web;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One HTTP request with its whole (bounded) body, in memory or in a file. Immutable. */
public final class WebRequest {
  private final String method;
  private final String path;
  private final Map<String, List<String>> query;
  private final Map<String, List<String>> headers;
  private final byte[] body;
  private final Optional<Path> bodyFile;
  private final InetSocketAddress remote;
  private final Map<String, String> parameters;

  WebRequest(
      HttpRequest request,
      QueryStringDecoder uri,
      byte[] body,
      Optional<Path> bodyFile,
      InetSocketAddress remote,
      Map<String, String> parameters) {
    this.method = request.method().name();
    this.path = uri.path();
    this.query = uri.parameters();
    Map<String, List<String>> copy = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : request.headers().names()) {
      copy.put(name, List.copyOf(request.headers().getAll(name)));
    }
    this.headers = copy;
    this.body = body;
    this.bodyFile = bodyFile;
    this.remote = remote;
    this.parameters = Map.copyOf(parameters);
  }

  /** The method in upper case, for example {@code POST}. */
  public String method() {
    return method;
  }

  /** The decoded path without the query. */
  public String path() {
    return path;
  }

  /** The value of {@code {name}} in the route's pattern; throws if the pattern has none. */
  public String pathParameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("route has no path parameter " + name);
    }
    return value;
  }

  /** All parameters of the query, in their order. */
  public Map<String, List<String>> query() {
    return query;
  }

  /** The first value of a query parameter. */
  public Optional<String> query(String name) {
    return queryAll(name).stream().findFirst();
  }

  /** All values of a query parameter, in order; empty if absent. */
  public List<String> queryAll(String name) {
    return query.getOrDefault(name, List.of());
  }

  /** The first value of a header, by any capitalisation. */
  public Optional<String> header(String name) {
    return headerAll(name).stream().findFirst();
  }

  /** All values of a header. */
  public List<String> headerAll(String name) {
    return headers.getOrDefault(name, List.of());
  }

  /** The body; empty if there is none. Never above the server's limit. */
  @SuppressWarnings("MissingByteArrayCopy") // a request belongs to its one handler
  public byte[] body() {
    return body;
  }

  /** Where the body of an upload is; the server deletes it after the handler has returned. */
  public Optional<Path> bodyFile() {
    return bodyFile;
  }

  /**
   * The parts of an upload's {@code multipart/form-data} body.
   *
   * @throws HttpError if it is none, or is malformed or cut off
   */
  public Multipart multipart() {
    return Multipart.parse(
        bodyFile.orElseThrow(() -> new IllegalStateException("no route for uploads")),
        header(HttpHeaderNames.CONTENT_TYPE.toString()).orElse(""));
  }

  /** The body as UTF-8. */
  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The fields of an {@code application/x-www-form-urlencoded} body. */
  public Map<String, List<String>> form() {
    return new QueryStringDecoder(bodyText(), StandardCharsets.UTF_8, false).parameters();
  }

  /** The media type without parameters, in lower case; empty if the header is absent. */
  public String contentType() {
    String value = header(HttpHeaderNames.CONTENT_TYPE.toString()).orElse("");
    int end = value.indexOf(';');
    return (end < 0 ? value : value.substring(0, end)).trim().toLowerCase(java.util.Locale.ROOT);
  }

  /** Who called. */
  public InetSocketAddress remote() {
    return remote;
  }

  /** True if the caller is on the loopback interface. */
  public boolean isLocal() {
    return remote.getAddress() != null && remote.getAddress().isLoopbackAddress();
  }
}
