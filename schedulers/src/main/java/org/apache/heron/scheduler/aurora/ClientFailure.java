package org.apache.heron.scheduler.aurora;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a call of Aurora's client that went wrong means. The wording is that of the client
 * (src/main/python/apache/aurora/client) and of Aurora's scheduler, which it passes on. Pure.
 *
 * @param kind what is to be done about it
 * @param line one line for the user
 */
record ClientFailure(Kind kind, String line) {
  /** Failures that differ in what is left behind. */
  enum Kind {
    /** The client did nothing: it is missing, or it does not take command line or template. */
    NOTHING_DONE,
    /** Aurora's scheduler has answered, and said no. */
    REFUSED,
    /** A job of that name is there already. */
    EXISTS,
    /** There is no job, or none of the instances is there. */
    ABSENT,
    /** It is not known what Aurora has done. */
    UNCLEAR
  }

  private static final int LONGEST = 500;

  /** {@code I1121 09:21:07.123 42 file.py:12] text}, and {@code INFO] text}. */
  private static final Pattern LOG_PREFIX =
      Pattern.compile(
          "^\\s*(?:[IWEFD]\\d{4} [\\d:.]+ \\d+ \\S+]|(?:INFO|WARN|WARNING|DEBUG)])\\s*");

  private static final Pattern ERROR_PREFIX =
      Pattern.compile("^\\s*(?:[EF]\\d{4} [\\d:.]+ \\d+ \\S+]|(?:ERROR|FATAL)])\\s*");

  private static final Pattern UNKNOWN_CLUSTER = Pattern.compile("Unknown cluster: (\\S+)");

  private static final Pattern AUTHENTICATION =
      Pattern.compile(
          "(?i)unable to authenticate|requires authorization|AuthError|not authorized|"
              + "permission denied|\\b401\\b|\\b403\\b");

  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "(?i)could not connect|timed out (?:trying|attempting)|failed to connect to zookeeper|"
              + "no schedulers detected|connection (?:refused|error)");

  /**
   * Understands a failed call.
   *
   * @param did what was asked for, for example {@code create the job a/b/test/c}
   */
  static ClientFailure of(ClientRun run, String did) {
    String failed = "Aurora's client could not " + did + ": ";
    if (run instanceof ClientRun.NotStarted missing) {
      return new ClientFailure(Kind.NOTHING_DONE, missing.reason());
    }
    String output = run.err() + "\n" + run.out();
    if (run instanceof ClientRun.TimedOut late) {
      String last = reason(output).map(text -> "; it said last: " + text).orElse("");
      return new ClientFailure(
          Kind.UNCLEAR,
          failed + "it had not ended after " + late.limit().toSeconds() + " seconds" + last);
    }
    int code = ((ClientRun.Ended) run).code();
    String why = reason(output).orElse("it said nothing");
    return new ClientFailure(
        kind(code, output), failed + advice(output, why) + " (exit code " + meaning(code) + ")");
  }

  private static Kind kind(int code, String output) {
    if (output.contains("No tasks to kill found for job")
        || output.contains("No matching jobs found")) {
      return Kind.ABSENT;
    }
    if (Pattern.compile("\\balready exists\\b").matcher(output).find()) {
      return Kind.EXISTS;
    }
    if (output.contains("Job creation failed due to error")) {
      return Kind.REFUSED;
    }
    // Before it has called Aurora: 2 arguments, 3 configuration, 5 command, 6 parameter.
    return code == 2 || code == 3 || code == 5 || code == 6 ? Kind.NOTHING_DONE : Kind.UNCLEAR;
  }

  private static String advice(String output, String why) {
    Matcher cluster = UNKNOWN_CLUSTER.matcher(output);
    if (cluster.find()) {
      return "it knows no cluster '"
          + cluster.group(1)
          + "'; describe it in /etc/aurora/clusters.json or ~/.aurora/clusters.json, or submit to"
          + " the name that it has there";
    }
    if (AUTHENTICATION.matcher(output).find()) {
      return "Aurora's scheduler does not accept its credentials: " + why;
    }
    if (UNREACHABLE.matcher(output).find()) {
      return "it cannot reach Aurora's scheduler: " + why;
    }
    return why;
  }

  /** The line that says most: the first error, with the indented lines that belong to it. */
  private static Optional<String> reason(String output) {
    List<String> lines =
        Arrays.stream(output.split("\\R")).filter(line -> !line.isBlank()).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = ERROR_PREFIX.matcher(lines.get(i)).replaceFirst("").strip();
      boolean announces = line.endsWith("error:") || line.endsWith("failure:");
      if (announces && i + 1 < lines.size()) {
        return Optional.of(shortened(line + " " + lines.get(i + 1).strip()));
      }
      boolean error =
          line.startsWith("Error")
              || line.matches("[\\w.]*aurora\\S* job \\w+: error: .*")
              || ERROR_PREFIX.matcher(lines.get(i)).find()
              || line.startsWith("No tasks to kill");
      if (error) {
        return Optional.of(shortened(line.replaceFirst("^Error executing command: ", "")));
      }
    }
    // A traceback ends with the exception, anything else with what it came to.
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            shortened(LOG_PREFIX.matcher(lines.get(lastOfError(lines))).replaceFirst("").strip()));
  }

  private static int lastOfError(List<String> lines) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (!LOG_PREFIX.matcher(lines.get(i)).find()) {
        return i;
      }
    }
    return lines.size() - 1;
  }

  private static String shortened(String line) {
    String plain = line.replaceAll("\\s+", " ");
    return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
  }

  private static String meaning(int code) {
    String word =
        switch (code) {
          case 2 -> "wrong arguments";
          case 3 -> "invalid configuration";
          case 4 -> "command failed";
          case 5 -> "invalid command";
          case 6 -> "invalid parameter";
          case 7 -> "network error";
          case 9 -> "time-out";
          case 10 -> "refused by Aurora";
          case 20 -> "unknown error";
          case 130 -> "interrupted";
          default -> "";
        };
    return word.isEmpty()
        ? Integer.toString(code)
        : String.format(Locale.ROOT, "%d, %s", code, word);
  }
}
