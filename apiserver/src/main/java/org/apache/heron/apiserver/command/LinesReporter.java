package org.apache.heron.apiserver.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.heron.web.StreamSink;
import org.apache.heron.web.WebResponse;

/** Tells everything as it happens, a JSON object a line; the last is the answer. */
final class LinesReporter implements Reporter {
  /** The media type that a caller asks for. */
  static final String TYPE = "application/x-ndjson";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final StreamSink sink;
  private boolean ended;

  LinesReporter(WebResponse response) {
    // The end of the stream is the end of the connection.
    this.sink = response.header("Connection", "close").stream(TYPE);
  }

  private synchronized void tell(String event, Map<String, Object> more) {
    if (ended) {
      return;
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", event);
    line.putAll(more);
    try {
      sink.write((MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + more, e);
    }
  }

  @Override
  public synchronized void end(Command.Answer answer) {
    Map<String, Object> last = new LinkedHashMap<>();
    last.put("status", answer.status());
    last.put("headers", answer.headers());
    last.put("body", answer.body());
    tell("end", last);
    ended = true;
    sink.close();
  }

  @Override
  public void alive() {
    tell("alive", Map.of());
  }

  @Override
  public void onGone(Runnable action) {
    sink.onClose(
        () -> {
          synchronized (this) {
            if (ended) {
              return;
            }
          }
          action.run();
        });
  }

  @Override
  public void stage(String text) {
    tell("stage", Map.of("text", text));
  }

  @Override
  public void info(String line) {
    tell("info", Map.of("text", line));
  }

  @Override
  public void warn(String line) {
    tell("warn", Map.of("text", line));
  }

  @Override
  public void programOutput(String line) {
    tell("info", Map.of("text", line));
  }

  @Override
  public void programError(String line) {
    tell("info", Map.of("text", line));
  }
}
