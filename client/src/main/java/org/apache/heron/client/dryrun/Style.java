package org.apache.heron.client.dryrun;

/** Colours, or none. */
enum Style {
  /** Plain text. */
  PLAIN,
  /** With the escape sequences of a terminal. */
  COLORED;

  private static final String RESET = "\u001b[0m";

  String bold(String text) {
    return wrap("\u001b[1m", text);
  }

  String green(String text) {
    return wrap("\u001b[32m", text);
  }

  String red(String text) {
    return wrap("\u001b[31m", text);
  }

  /** Red, with a combining long stroke after every character. */
  String struck(String text) {
    StringBuilder struck = new StringBuilder();
    text.codePoints().forEach(c -> struck.appendCodePoint(c).append('\u0336'));
    return red(struck.toString());
  }

  private String wrap(String color, String text) {
    return switch (this) {
      case PLAIN -> text;
      case COLORED -> color + text + RESET;
    };
  }
}
