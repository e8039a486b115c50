package org.apache.heron.cli.topology;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.heron.cli.console.Terminal;

/** Asks whoever sits at the terminal. */
final class Question {
  private static final int INPUT = 0;

  private Question() {}

  /** True if the answer is yes; false if nobody is there to answer. */
  static boolean yes(PrintWriter prompt, String text) {
    if (!Terminal.on(INPUT)) {
      return false;
    }
    prompt.print(text + " [y/N] ");
    prompt.flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    } catch (IOException e) {
      throw new UncheckedIOException("the answer cannot be read", e);
    }
  }
}
