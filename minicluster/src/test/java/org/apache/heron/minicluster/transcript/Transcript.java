package org.apache.heron.minicluster.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A recording of a real Mesos: its lines in order. */
record Transcript(String name, List<Line> lines) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * One line.
   *
   * @param number from 1
   * @param seconds since the start
   * @param who the connection's owner; empty for notes
   */
  record Line(int number, double seconds, String who, JsonNode content) {
    boolean is(String kind) {
      return content.has(kind);
    }

    JsonNode get(String kind) {
      return content.get(kind);
    }
  }

  static Transcript read(String name) throws IOException {
    List<Line> lines = new ArrayList<>();
    String resource = "/transcripts/" + name + ".jsonl";
    try (InputStream stream = Transcript.class.getResourceAsStream(resource);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        JsonNode content = MAPPER.readTree(text);
        lines.add(
            new Line(
                lines.size() + 1,
                content.path("t").asDouble(),
                content.path("who").asText(""),
                content));
      }
    }
    return new Transcript(name, List.copyOf(lines));
  }

  /** The same with another text in place of one that must be there. */
  Transcript with(String text, String other) throws IOException {
    List<Line> changed = new ArrayList<>();
    boolean found = false;
    for (Line line : lines) {
      String before = line.content().toString();
      found |= before.contains(text);
      changed.add(
          new Line(
              line.number(),
              line.seconds(),
              line.who(),
              MAPPER.readTree(before.replace(text, other))));
    }
    if (!found) {
      throw new IllegalArgumentException(name + " does not hold " + text);
    }
    return new Transcript(name, List.copyOf(changed));
  }
}
