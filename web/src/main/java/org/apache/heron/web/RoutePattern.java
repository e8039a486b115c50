package org.apache.heron.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path pattern such as {@code /tasks/{id}/log} or {@code /file/{path*}}: {@code {name}} matches
 * one segment, {@code {name?}} one that may be empty, {@code {name*}} at the end the rest (which
 * may be empty or hold slashes).
 */
record RoutePattern(List<String> segments) {

  static RoutePattern parse(String pattern) {
    if (!pattern.startsWith("/")) {
      throw new IllegalArgumentException("route pattern must start with /: " + pattern);
    }
    List<String> segments = List.of(pattern.substring(1).split("/", -1));
    for (int i = 0; i < segments.size() - 1; i++) {
      if (segments.get(i).endsWith("*}")) {
        throw new IllegalArgumentException("{name*} must be last in route pattern: " + pattern);
      }
    }
    return new RoutePattern(segments);
  }

  /** The path parameters if the decoded path segments match, else empty. */
  Optional<Map<String, String>> match(List<String> path) {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      if (segment.endsWith("*}")) {
        List<String> rest = i < path.size() ? path.subList(i, path.size()) : new ArrayList<>();
        parameters.put(segment.substring(1, segment.length() - 2), String.join("/", rest));
        return Optional.of(parameters);
      }
      if (i >= path.size()) {
        return Optional.empty();
      }
      if (segment.startsWith("{") && segment.endsWith("}")) {
        boolean mayBeEmpty = segment.endsWith("?}");
        if (path.get(i).isEmpty() && !mayBeEmpty) {
          return Optional.empty();
        }
        int end = segment.length() - (mayBeEmpty ? 2 : 1);
        parameters.put(segment.substring(1, end), path.get(i));
      } else if (!segment.equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return path.size() == segments.size() ? Optional.of(parameters) : Optional.empty();
  }
}
