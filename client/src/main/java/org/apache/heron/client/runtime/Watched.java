package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.scheduler.SchedulerClient;
import org.apache.heron.client.scheduler.SchedulerClients;
import org.apache.heron.spi.statemgr.StateKind;

/** Follows what a scheduler was asked for that does not say any more what became of it. */
final class Watched {
  private static final Duration INTERVAL = Duration.ofMillis(300);

  /** How long a scheduler may be away before nobody can be expected to go on. */
  private static final Duration ABSENCE = Duration.ofSeconds(60);

  private final RuntimeSession session;

  Watched(RuntimeSession session) {
    this.session = session;
  }

  /** Looks whether it is over: the end's word, or empty. */
  interface Look {
    Optional<String> over();
  }

  /**
   * Follows what is on record, so that a scheduler, or the one that takes its place, goes on with
   * it.
   *
   * @param what that is, for the message when no scheduler is there to do it
   * @return what the look said
   * @throws ClientException if no scheduler answers any more
   */
  String follow(String what, Look look) throws InterruptedException {
    return follow(
        "The scheduler does not answer any more; " + what + " is on record, and is watched",
        what + " goes on",
        look);
  }

  /**
   * As {@link #follow}, of what may not be on record: the look is to find out, and to throw if
   * nobody goes on with it.
   */
  String followUnsure(String what, Look look) throws InterruptedException {
    return follow(
        "The scheduler does not say what becomes of "
            + what
            + "; it is watched whether that goes on",
        what + ", if it is on record, goes on",
        look);
  }

  private String follow(String opening, String goesOn, Look look) throws InterruptedException {
    session.progress().warn(opening);
    long lastAnswer = System.nanoTime();
    while (true) {
      Optional<String> over = look.over();
      if (over.isPresent()) {
        return over.get();
      }
      if (scheduler().flatMap(found -> found.status(Duration.ofSeconds(5))).isPresent()) {
        lastAnswer = System.nanoTime();
      } else if (System.nanoTime() - lastAnswer > ABSENCE.toNanos()) {
        throw new ClientException(
            "No scheduler has answered for "
                + ABSENCE.toSeconds()
                + " seconds; "
                + goesOn
                + " when one runs again: heron scheduler resume "
                + session.settings().target().path()
                + " "
                + session.topology());
      }
      TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
    }
  }

  /** The scheduler process whose location is published now. */
  Optional<SchedulerClient> scheduler() {
    return session
        .state()
        .get(StateKind.SCHEDULER_LOCATION, session.topology())
        .filter(SchedulerClients::isProcess)
        .map(session.schedulers()::of);
  }
}
