package org.apache.heron.client.runtime;

import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.scheduler.SchedulerAnswer;
import org.apache.heron.client.scheduler.SchedulerClient;
import org.apache.heron.client.scheduler.SchedulerClients;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.statemgr.StateKind;

/** Finds the scheduler of a running topology. */
final class Schedulers {
  private Schedulers() {}

  /**
   * For the scheduler's process, or for one in this process where the cluster needs no other.
   *
   * @throws ClientException if none runs; says how to start it again
   */
  static SchedulerClient of(RuntimeSession session) {
    SchedulerClients clients = session.schedulers();
    Optional<SchedulerLocation> location =
        session.state().get(StateKind.SCHEDULER_LOCATION, session.topology());
    if (location.isEmpty() && clients.isLibrary()) {
      return clients.inProcess();
    }
    return clients.of(location.orElseThrow(() -> gone(session, "")));
  }

  /**
   * For commands that start a scheduler's process.
   *
   * @throws ClientException if this cluster's topologies have none
   */
  static void requireProcess(RuntimeSession session) {
    if (session.schedulers().isLibrary()) {
      throw new ClientException(
          "The topologies of this cluster have no scheduler process that could be started: "
              + Key.SCHEDULER_IS_SERVICE.text()
              + " is false (from "
              + session.local().sourceOf(Key.SCHEDULER_IS_SERVICE)
              + "), and every command schedules by itself");
    }
  }

  /**
   * @param failed begins the message
   * @throws ClientException unless the command was carried out
   */
  static void require(RuntimeSession session, SchedulerAnswer answer, String failed) {
    if (answer instanceof SchedulerAnswer.Gone) {
      throw gone(session, "");
    }
    if (answer instanceof SchedulerAnswer.Stranger stranger) {
      throw gone(session, stranger.message());
    }
    if (answer instanceof SchedulerAnswer.Refused refused) {
      throw new ClientException(failed + behindColon(refused.message()));
    }
    if (answer instanceof SchedulerAnswer.Unclear unclear) {
      throw new ClientException(failed + behindColon(unclear.message()));
    }
  }

  private static String behindColon(String message) {
    return message.isEmpty() ? "" : ": " + message;
  }

  private static ClientException gone(RuntimeSession session, String reason) {
    return new ClientException(
        "No scheduler runs for topology '"
            + session.topology()
            + "'"
            + behindColon(reason)
            + "; start it again with: heron scheduler resume "
            + session.settings().target().path()
            + " "
            + session.topology());
  }
}
