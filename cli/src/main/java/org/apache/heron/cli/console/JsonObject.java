package org.apache.heron.cli.console;

import java.util.List;

/** One line of JSON for programs; by hand, because a library would double a command's start. */
public final class JsonObject {
  private final StringBuilder text = new StringBuilder("{");

  /** Adds a text. */
  public JsonObject put(String name, String value) {
    name(name);
    quote(value);
    return this;
  }

  /** Adds a number. */
  public JsonObject put(String name, long value) {
    name(name);
    text.append(value);
    return this;
  }

  /** Adds a list of texts. */
  public JsonObject put(String name, List<String> values) {
    name(name);
    text.append('[');
    String separator = "";
    for (String value : values) {
      text.append(separator);
      quote(value);
      separator = ",";
    }
    text.append(']');
    return this;
  }

  /** Adds a list of objects. */
  public JsonObject putObjects(String name, List<JsonObject> values) {
    name(name);
    text.append('[');
    String separator = "";
    for (JsonObject value : values) {
      text.append(separator).append(value);
      separator = ",";
    }
    text.append(']');
    return this;
  }

  private void name(String name) {
    if (text.length() > 1) {
      text.append(',');
    }
    quote(name);
    text.append(':');
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append("\\u00").append(Character.forDigit(c >> 4, 16));
        text.append(Character.forDigit(c & 15, 16));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  @Override
  public String toString() {
    return text + "}";
  }
}
