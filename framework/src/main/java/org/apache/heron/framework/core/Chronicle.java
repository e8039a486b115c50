package org.apache.heron.framework.core;

import java.time.Instant;
import java.util.Optional;
import org.apache.heron.framework.history.Happening;
import org.apache.heron.framework.history.Happening.Kind;

/**
 * What a change of a container's life adds to its history. The one place that writes containers'
 * histories, so that no way of changing a life can forget to.
 */
final class Chronicle {
  private Chronicle() {}

  /** What has happened, if the container's life or copy has changed in a way worth telling. */
  static Optional<Happening> change(Container before, Container after, Instant now) {
    if (before.life() == after.life() && before.attempt() == after.attempt()) {
      return Optional.empty();
    }
    return switch (after.life()) {
      case LAUNCHING -> tell(Kind.LAUNCHED, place(after) + " as " + taskOf(after), after, now);
      case RUNNING -> {
        boolean back = before.life() == Life.UNREACHABLE;
        yield tell(Kind.RUNNING, place(after) + (back ? " again" : ""), after, now);
      }
      case BACKING_OFF -> tell(Kind.FAILED, after.reason() + retry(after), after, now);
      case UNREACHABLE -> tell(Kind.UNREACHABLE, after.reason(), after, now);
      case KILLING -> tell(Kind.KILLING, after.reason(), after, now);
      case WAITING -> waiting(before, after, now);
      case STAGING, STARTING -> Optional.empty();
    };
  }

  private static Optional<Happening> waiting(Container before, Container after, Instant now) {
    return switch (before.life()) {
      // The back-off is over: the failure and the next launch say it all.
      case WAITING, BACKING_OFF -> Optional.empty();
      case UNREACHABLE -> tell(Kind.GIVEN_UP, after.reason(), after, now);
      case LAUNCHING, STAGING, STARTING, RUNNING, KILLING ->
          tell(Kind.ENDED, after.reason(), after, now);
    };
  }

  private static Optional<Happening> tell(
      Kind kind, String text, Container container, Instant now) {
    return Optional.of(new Happening(now, kind, container.attempt(), text));
  }

  private static String place(Container container) {
    return "on " + container.currentTask().hostname();
  }

  private static String taskOf(Container container) {
    return container.currentTask().id().value();
  }

  private static String retry(Container container) {
    return " (failure " + container.failures() + " in a row)";
  }
}
