package org.apache.heron.web;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which handler answers which request. Immutable. */
record Routes(List<Route> all, Optional<RequestHandler> notFound) {
  Routes {
    all = List.copyOf(all);
  }

  /**
   * A method and pattern with what answers it; method {@code *} is any.
   *
   * @param upload true if the body goes to a file
   */
  record Route(String method, RoutePattern pattern, RequestHandler handler, boolean upload) {
    private boolean takes(String requested) {
      return method.equals("*")
          || method.equals(requested)
          || (method.equals("GET") && requested.equals("HEAD"));
    }
  }

  /** Where a request goes. */
  sealed interface Match {}

  /**
   * It is answered.
   *
   * @param parameters of the path
   */
  record Found(RequestHandler handler, Map<String, String> parameters, boolean upload)
      implements Match {}

  /** The path is there, but for other methods. */
  record WrongMethod(SortedSet<String> allowed) implements Match {}

  /** There is no such path. */
  record NoSuchPath() implements Match {}

  /**
   * The first route that matches.
   *
   * @param uri whose path is decoded
   */
  Match match(String method, QueryStringDecoder uri) {
    String path = uri.path();
    List<String> segments =
        List.of((path.startsWith("/") ? path.substring(1) : path).split("/", -1));
    SortedSet<String> allowed = new TreeSet<>();
    for (Route route : all) {
      Optional<Map<String, String>> parameters = route.pattern().match(segments);
      if (parameters.isEmpty()) {
        continue;
      }
      if (route.takes(method)) {
        return new Found(route.handler(), parameters.get(), route.upload());
      }
      allowed.add(route.method());
    }
    if (!allowed.isEmpty()) {
      return new WrongMethod(allowed);
    }
    return notFound.isPresent() ? new Found(notFound.get(), Map.of(), false) : new NoSuchPath();
  }
}
