package org.apache.heron.scheduler.aurora;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;

/** Asks who gives the command. */
final class Question {
  private static final int MOST_BYTES = 1024;

  private Question() {}

  /** True if the answer on standard input is {@code y}; false also if there is none. */
  static boolean agreed(String what) {
    return agreed(what, System.in, System.err);
  }

  static boolean agreed(String what, InputStream in, PrintStream err) {
    err.println(what + "? y to go on, anything else to leave it:");
    StringBuilder answer = new StringBuilder();
    try {
      for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
        if (answer.length() < MOST_BYTES) {
          answer.append((char) next);
        }
      }
    } catch (IOException e) {
      err.println("no answer: " + e.getMessage());
    }
    return answer.toString().strip().equalsIgnoreCase("y");
  }
}
