package org.apache.heron.framework.placement;

import com.google.common.base.CharMatcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.regex.MatchResult;

/**
 * A regular expression in the syntax of RE2, which Mesos' masters read too. It is tried in time
 * that grows with the text and not with what the expression could mean, and without recursion: no
 * topology's expression keeps the scheduler from its other work. Immutable and thread-safe.
 */
public final class Expression {
  // RE2 writes a repeated part out as often as it is repeated, so that a short expression can be
  // made to fill the memory.
  private static final java.util.regex.Pattern REPEAT =
      java.util.regex.Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?}");
  private static final long MOST_WRITTEN_OUT = 100_000;

  // An expression is read by recursion, though not tried by it, and by threads of small stacks.
  private static final int MOST_GROUPS = 500;

  private final Pattern pattern;

  private Expression(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException if it is none that RE2 knows, or too large; the message begins
   *     with a verb
   */
  public static Expression of(String text) {
    if (writtenOut(text) > MOST_WRITTEN_OUT) {
      throw new IllegalArgumentException(
          "has a regular expression that repeats too much too often");
    }
    if (CharMatcher.is('(').countIn(text) > MOST_GROUPS) {
      throw new IllegalArgumentException(
          "has a regular expression with more than " + MOST_GROUPS + " groups");
    }
    try {
      return new Expression(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "has no regular expression in the syntax of RE2: "
              + e.getDescription()
              + " in '"
              + e.getPattern()
              + "'",
          e);
    }
  }

  /** How long the expression is at most, with all that is repeated in its place. */
  private static long writtenOut(String text) {
    long length = Math.max(1, text.length());
    for (MatchResult repeat : REPEAT.matcher(text).results().toList()) {
      String most =
          repeat.group(2) == null || repeat.group(2).isEmpty() ? repeat.group(1) : repeat.group(2);
      length *= Math.max(1, Long.parseLong(most));
      if (length > MOST_WRITTEN_OUT) {
        break;
      }
    }
    return length;
  }

  /** True if it matches the text as a whole. */
  public boolean matches(String text) {
    return pattern.matches(text);
  }
}
