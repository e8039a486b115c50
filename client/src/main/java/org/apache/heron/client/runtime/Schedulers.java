package org.apache.heron.client.runtime;

import org.apache.heron.client.ClientException;
import org.apache.heron.client.scheduler.SchedulerAnswer;
import org.apache.heron.client.scheduler.SchedulerClient;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.statemgr.StateKind;

/** Finds the scheduler of a running topology. */
final class Schedulers {
  private Schedulers() {}

  /**
   * @throws ClientException if none runs; says how to start it again
   */
  static SchedulerClient of(RuntimeSession session) {
    SchedulerLocation location =
        session
            .state()
            .get(StateKind.SCHEDULER_LOCATION, session.topology())
            .orElseThrow(() -> gone(session));
    if (location.getHttpEndpoint().equals(SchedulerClient.LIBRARY)) {
      throw new ClientException(
          "Topology '"
              + session.topology()
              + "' was launched by a scheduler without a process, which takes no such command yet");
    }
    return new SchedulerClient(location);
  }

  /**
   * @param failed begins the message
   * @throws ClientException unless the command was carried out
   */
  static void require(RuntimeSession session, SchedulerAnswer answer, String failed) {
    if (answer instanceof SchedulerAnswer.Gone) {
      throw gone(session);
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

  private static ClientException gone(RuntimeSession session) {
    return new ClientException(
        "No scheduler runs for topology '"
            + session.topology()
            + "'; start it again with: heron scheduler resume "
            + session.settings().target().path()
            + " "
            + session.topology());
  }
}
