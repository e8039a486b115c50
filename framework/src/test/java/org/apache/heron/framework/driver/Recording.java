package org.apache.heron.framework.driver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.json.MesosJsonException;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** Reads the recordings of a real master in the test resources: one JSON object a line. */
final class Recording {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Recording() {}

  /** One line that concerns one party. */
  sealed interface Step {}

  /** A call; {@code raw} if it is none that a driver could make. */
  record Request(JsonNode whole) implements Step {
    boolean isCall() {
      return whole.path("json").path("type").isTextual();
    }

    Call call() throws MesosJsonException {
      return MesosJson.merge(whole.get("json"), Call.newBuilder()).build();
    }
  }

  /** An answer. */
  record Response(String status, Map<String, String> headers, String body, boolean stream)
      implements Step {
    int code() {
      return Integer.parseInt(status.substring(0, 3));
    }
  }

  /** An event, as the bytes of its record in protobuf. */
  record Heard(Event event) implements Step {}

  /** The subscription's end. */
  record Closed() implements Step {}

  /** What concerns this party, in order. */
  static List<Step> of(String file, String who) throws IOException, MesosJsonException {
    List<Step> steps = new ArrayList<>();
    for (JsonNode line : lines(file)) {
      if (line.path("who").asText().equals(who)) {
        if (line.has("request")) {
          steps.add(new Request(line.get("request")));
        } else if (line.has("response")) {
          steps.add(response(line.get("response")));
        } else if (line.has("event")) {
          steps.add(new Heard(MesosJson.merge(line.get("event"), Event.newBuilder()).build()));
        } else if (line.has("event_b64")) {
          byte[] bytes = Base64.getDecoder().decode(line.get("event_b64").asText());
          steps.add(new Heard(Event.parseFrom(bytes)));
        } else if (line.has("closed")) {
          steps.add(new Closed());
        }
      }
    }
    return steps;
  }

  static List<JsonNode> lines(String file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (InputStream in = Recording.class.getResourceAsStream("/recordings/" + file + ".jsonl");
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(JSON.readTree(line));
      }
    }
    return lines;
  }

  private static Response response(JsonNode response) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : response.path("headers").properties()) {
      switch (field.getKey()) {
        case "Content-Length", "Transfer-Encoding" -> {}
        default -> headers.put(field.getKey(), field.getValue().asText());
      }
    }
    return new Response(
        response.get("status").asText().substring("HTTP/1.1 ".length()),
        headers,
        response.path("body").asText(),
        response.path("stream").asBoolean());
  }
}
