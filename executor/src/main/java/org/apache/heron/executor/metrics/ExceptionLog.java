package org.apache.heron.executor.metrics;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.heron.executor.plane.InstanceCounters.ExceptionReport;

/** The last different exceptions of an instance. Thread-safe. */
public final class ExceptionLog {

  private static final int KEPT = 10;
  private static final int TRACE_CHARACTERS = 8 * 1024;

  private final Clock clock;
  private final List<ExceptionReport> newestFirst = new ArrayList<>();
  private long count;

  ExceptionLog() {
    this(Clock.systemUTC());
  }

  ExceptionLog(Clock clock) {
    this.clock = clock;
  }

  /** Notes an exception. */
  public synchronized void add(Throwable thrown) {
    count++;
    String trace = trace(thrown);
    long now = clock.millis();
    long first = now;
    long seen = 1;
    for (int i = 0; i < newestFirst.size(); i++) {
      if (newestFirst.get(i).stackTrace().equals(trace)) {
        ExceptionReport known = newestFirst.remove(i);
        seen += known.count();
        first = known.firstEpochMillis();
        break;
      }
    }
    newestFirst.add(0, new ExceptionReport(first, now, seen, String.valueOf(thrown), trace));
    if (newestFirst.size() > KEPT) {
      newestFirst.remove(KEPT);
    }
  }

  private static String trace(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.getBuffer().length() <= TRACE_CHARACTERS
        ? text.toString()
        : text.getBuffer().substring(0, TRACE_CHARACTERS) + "…";
  }

  /** How many there were. */
  public synchronized long count() {
    return count;
  }

  /** The last ones, newest first. */
  public synchronized List<ExceptionReport> reports() {
    return List.copyOf(newestFirst);
  }
}
