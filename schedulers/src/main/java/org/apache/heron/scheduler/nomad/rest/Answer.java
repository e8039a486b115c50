package org.apache.heron.scheduler.nomad.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.heron.spi.scheduler.SchedulerException;

/** What a server answered, whatever that is. Immutable. */
final class Answer {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_LINE = 300;

  private final URI server;
  private final int status;
  private final byte[] body;
  private final Optional<String> date;

  Answer(URI server, int status, byte[] body, Optional<String> date) {
    this.date = date;
    this.server = server;
    this.status = status;
    this.body = body;
  }

  /** Who answered. */
  URI server() {
    return server;
  }

  /** The server's time, as the header says it. */
  Optional<String> date() {
    return date;
  }

  /** HTTP's code. */
  int status() {
    return status;
  }

  /** The body as one short line: Nomad's errors are plain text, of several lines when it lists. */
  String line() {
    String text =
        new String(body, 0, Math.min(body.length, 4 * LONGEST_LINE), StandardCharsets.UTF_8)
            .strip()
            .replaceAll("\\s+", " ");
    return text.length() <= LONGEST_LINE ? text : text.substring(0, LONGEST_LINE) + "…";
  }

  /** True if these words are somewhere in the body, which may list many problems. */
  boolean says(String words) {
    return new String(body, StandardCharsets.UTF_8).contains(words);
  }

  /** True if another server, or the same one a little later, may do better. */
  boolean isPassing() {
    boolean leaderless =
        status >= 500 && line().toLowerCase(Locale.ROOT).contains("no cluster leader");
    return leaderless || status == 429 || status == 502 || status == 503 || status == 504;
  }

  /**
   * The body of a success.
   *
   * @throws SchedulerException if it is none, or no JSON of that kind
   */
  JsonNode json(boolean array) {
    if (status != 200) {
      throw new SchedulerException("Nomad at " + server + " answers " + status + ": " + line());
    }
    try {
      JsonNode tree = JSON.readTree(body);
      if (array ? tree.isArray() : tree.isObject()) {
        return tree;
      }
      // Lists of nothing are null in some versions.
      if (array && tree.isNull()) {
        return JSON.createArrayNode();
      }
    } catch (IOException e) {
      throw wrong(e);
    }
    throw wrong(null);
  }

  private SchedulerException wrong(IOException cause) {
    return new SchedulerException(
        "what answers at "
            + server
            + " is no Nomad ("
            + Server.KEY
            + "): "
            + (body.length == 0 ? "an empty answer" : line()),
        cause);
  }
}
