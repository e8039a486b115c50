package org.apache.heron.minicluster.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/**
 * A JSON reader that stops where Mesos' reader stops, so that its error names the same place:
 * {@code syntax error at line N near: …rest of the line} (bad-calls.jsonl). Depth is bounded.
 */
final class JsonReader {
  private static final int MAX_DEPTH = 100;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final String text;
  private int position;

  JsonReader(String text) {
    this.text = text;
  }

  /** A place at which the text is no JSON; without stack trace, it never leaves this class. */
  private static final class Stop extends Exception {
    private static final long serialVersionUID = 1L;

    Stop() {
      super(null, null, false, false);
    }
  }

  JsonNode read() throws MesosJsonException {
    JsonNode value;
    try {
      value = value(0);
    } catch (Stop e) {
      throw new MesosJsonException(
          "syntax error at line " + line() + " near: " + restOfLine(position));
    }
    String trailing = text.substring(position);
    if (!trailing.isBlank()) {
      throw new MesosJsonException(
          "Parsed JSON included non-whitespace trailing characters: " + trailing);
    }
    return value;
  }

  private long line() {
    return 1 + text.substring(0, position).chars().filter(c -> c == '\n').count();
  }

  private String restOfLine(int from) {
    int end = text.indexOf('\n', from);
    StringBuilder rest = new StringBuilder();
    text.substring(from, end < 0 ? text.length() : end)
        .chars()
        .filter(c -> c >= ' ')
        .forEach(c -> rest.append((char) c));
    return rest.toString();
  }

  private JsonNode value(int depth) throws Stop {
    if (depth > MAX_DEPTH) {
      throw new Stop();
    }
    skipSpace();
    if (position >= text.length()) {
      throw new Stop();
    }
    char first = text.charAt(position++);
    return switch (first) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> NODES.textNode(string());
      case 't' -> literal("rue", NODES.booleanNode(true));
      case 'f' -> literal("alse", NODES.booleanNode(false));
      case 'n' -> literal("ull", NODES.nullNode());
      default -> {
        position--;
        if ((first >= '0' && first <= '9') || first == '-') {
          yield number();
        }
        throw new Stop();
      }
    };
  }

  private ObjectNode object(int depth) throws Stop {
    ObjectNode object = NODES.objectNode();
    if (accept('}')) {
      return object;
    }
    do {
      expect('"');
      String key = string();
      expect(':');
      object.set(key, value(depth + 1));
    } while (accept(','));
    expect('}');
    return object;
  }

  private ArrayNode array(int depth) throws Stop {
    ArrayNode array = NODES.arrayNode();
    if (accept(']')) {
      return array;
    }
    do {
      array.add(value(depth + 1));
    } while (accept(','));
    expect(']');
    return array;
  }

  private String string() throws Stop {
    StringBuilder value = new StringBuilder();
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == '"') {
        return value.toString();
      }
      if (c < ' ') {
        position--;
        throw new Stop();
      }
      value.append(c == '\\' ? escaped() : c);
    }
    throw new Stop();
  }

  private char escaped() throws Stop {
    if (position >= text.length()) {
      throw new Stop();
    }
    char c = text.charAt(position++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw new Stop();
    };
  }

  private char unicode() throws Stop {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = position < text.length() ? Character.digit(text.charAt(position), 16) : -1;
      if (digit < 0) {
        throw new Stop();
      }
      position++;
      code = code * 16 + digit;
    }
    return (char) code;
  }

  private JsonNode number() throws Stop {
    int start = position;
    while (position < text.length() && "0123456789+-.eE".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
    try {
      BigDecimal value = new BigDecimal(text.substring(start, position));
      // An exponent of any size is a few characters long, its plain form is not.
      if (Math.abs((long) value.scale()) > 400) {
        throw new Stop();
      }
      return DecimalNode.valueOf(value);
    } catch (NumberFormatException e) {
      throw new Stop();
    }
  }

  private JsonNode literal(String rest, JsonNode value) throws Stop {
    for (int i = 0; i < rest.length(); i++) {
      if (position >= text.length() || text.charAt(position) != rest.charAt(i)) {
        throw new Stop();
      }
      position++;
    }
    return value;
  }

  private boolean accept(char c) {
    skipSpace();
    if (position < text.length() && text.charAt(position) == c) {
      position++;
      return true;
    }
    return false;
  }

  private void expect(char c) throws Stop {
    if (!accept(c)) {
      throw new Stop();
    }
  }

  private void skipSpace() {
    while (position < text.length() && " \t\n\r".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }
}
