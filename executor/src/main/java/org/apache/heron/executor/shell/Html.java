package org.apache.heron.executor.shell;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Pieces of pages; all that comes from files or requests goes through {@link #text} or {@link
 * #path}.
 */
final class Html {
  private static final String STYLE =
      "body{font:14px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;"
          + "color:#222;background:#fff}h1{font-size:1.3em;font-weight:600}"
          + "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3em .8em .3em 0;"
          + "border-bottom:1px solid #e4e4e4}td.n,th.n{text-align:right;font-variant-numeric:"
          + "tabular-nums}pre{background:#f6f6f4;padding:1em;overflow:auto;font:12px/1.45 monospace}"
          + "a{color:#0a58a6;text-decoration:none}a:hover{text-decoration:underline}"
          + "nav{color:#777;margin:.5em 0 1em}@media(prefers-color-scheme:dark){body{color:#ddd;"
          + "background:#1b1b1b}pre{background:#262626}th,td{border-color:#3a3a3a}a{color:#7db7f0}}";

  private Html() {}

  static String page(String title, String body) {
    return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
        + text(title)
        + "</title><meta name=\"viewport\" content=\"width=device-width\"><style>"
        + STYLE
        + "</style></head><body><h1>"
        + text(title)
        + "</h1>"
        + body
        + "</body></html>\n";
  }

  static String text(String raw) {
    return raw.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** A file's path as part of a link. */
  static String path(String relative) {
    return Arrays.stream(relative.split("/")).map(Html::segment).collect(Collectors.joining("/"));
  }

  private static String segment(String raw) {
    StringBuilder encoded = new StringBuilder();
    for (byte value : raw.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (value & 0xff);
      if (character < 128
          && (Character.isLetterOrDigit(character) || "-._~".indexOf(character) >= 0)) {
        encoded.append(character);
      } else {
        encoded.append(String.format(java.util.Locale.ROOT, "%%%02X", value & 0xff));
      }
    }
    return encoded.toString();
  }

  static String link(String href, String label) {
    return "<a href=\"" + text(href) + "\">" + text(label) + "</a>";
  }
}
