package org.apache.heron.web;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One HTTP request with its whole (bounded) body. Immutable. */
public final class WebRequest {
  private final String method;
  private final String path;
  private final Map<String, List<String>> query;
  private final Map<String, List<String>> headers;
  private final byte[] body;
  private final InetSocketAddress remote;
  private final Map<String, String> parameters;

  WebRequest(
      FullHttpRequest request,
      QueryStringDecoder uri,
      byte[] body,
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
