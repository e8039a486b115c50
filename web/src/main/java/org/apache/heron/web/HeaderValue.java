package org.apache.heron.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A header's value and its parameters, as in {@code form-data; name="a"; filename="b.jar"}.
 *
 * @param parameters by name in lower case
 */
record HeaderValue(String value, Map<String, String> parameters) {

  static HeaderValue parse(String text) {
    int semicolon = text.indexOf(';');
    String value = (semicolon < 0 ? text : text.substring(0, semicolon)).trim();
    Map<String, String> parameters = new HashMap<>();
    int at = semicolon < 0 ? text.length() : semicolon + 1;
    while (at < text.length()) {
      int equals = text.indexOf('=', at);
      if (equals < 0) {
        break;
      }
      String name = text.substring(at, equals).replace(";", "").trim().toLowerCase(Locale.ROOT);
      StringBuilder content = new StringBuilder();
      at = readValue(text, equals + 1, content);
      parameters.putIfAbsent(name, content.toString());
      int next = text.indexOf(';', at);
      at = next < 0 ? text.length() : next + 1;
    }
    extended(parameters);
    return new HeaderValue(value, parameters);
  }

  /** Reads a token or quoted text; returns where it ends. */
  private static int readValue(String text, int start, StringBuilder content) {
    int at = start;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '"') {
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        // Browsers send the backslashes of a Windows path as they are; only these two are escaped.
        boolean escape =
            text.charAt(at) == '\\'
                && at + 1 < text.length()
                && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\\');
        at += escape ? 1 : 0;
        content.append(text.charAt(at++));
      }
      return Math.min(at + 1, text.length());
    }
    int end = text.indexOf(';', at);
    end = end < 0 ? text.length() : end;
    content.append(text.substring(at, end).trim());
    return end;
  }

  /** RFC 8187: {@code filename*=UTF-8''na%C3%AFve.jar}, which some clients send for such names. */
  private static void extended(Map<String, String> parameters) {
    for (String name : parameters.keySet().toArray(String[]::new)) {
      String[] parts = parameters.get(name).split("'", 3);
      if (name.endsWith("*") && parts.length == 3 && parts[0].equalsIgnoreCase("utf-8")) {
        try {
          parameters.put(
              name.substring(0, name.length() - 1),
              URLDecoder.decode(parts[2].replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          throw Multipart.malformed("'" + parameters.get(name) + "' is not percent-encoded");
        }
      }
    }
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}
