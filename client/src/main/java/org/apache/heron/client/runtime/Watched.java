package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.scheduler.SchedulerClient;
import org.apache.heron.client.scheduler.SchedulerClients;
import org.apache.heron.spi.statemgr.StateKind;

/** Follows what is on record when the scheduler that was asked for it does not answer any more. */
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
   * Follows what a scheduler, or the one that takes its place, goes on with.
   *
   * @param what that is, for the message when no scheduler is there to do it
   * @return what the look said
   * @throws ClientException if no scheduler answers any more
   */
  String follow(String what, Look look) throws InterruptedException {
    session
        .progress()
        .warn("The scheduler does not answer any more; " + what + " is on record, and is watched");
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
                + what
                + " goes on when one runs again: heron scheduler resume "
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
