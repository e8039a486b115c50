package org.apache.heron.spi.executor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words of a command as {@code sh} reads them back unchanged. */
public final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:[A-Za-z_][A-Za-z0-9_]*|\\{[A-Za-z_][A-Za-z0-9_]*})");

  private ShellWords() {}

  /** The word, in single quotes unless it needs none: nothing in it is expanded or globbed. */
  public static String quote(String word) {
    if (PLAIN.matcher(word).matches()) {
      return word;
    }
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** As {@link #quote}, but {@code $NAME} and <code>${NAME}</code> are left to the shell. */
  static String quoteExceptVariables(String word) {
    Matcher variable = VARIABLE.matcher(word);
    if (!variable.find()) {
      return quote(word);
    }
    StringBuilder quoted = new StringBuilder("\"");
    int end = 0;
    do {
      escape(word.substring(end, variable.start()), quoted);
      quoted.append(variable.group());
      end = variable.end();
    } while (variable.find());
    escape(word.substring(end), quoted);
    return quoted.append('"').toString();
  }

  private static void escape(String text, StringBuilder into) {
    text.chars()
        .forEach(
            character -> {
              if ("\"\\$`".indexOf(character) >= 0) {
                into.append('\\');
              }
              into.append((char) character);
            });
  }
}
