package org.apache.heron.scheduler.aurora;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;
import org.apache.heron.service.call.Http;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;

/**
 * Restarts a container through its own web shell: the executor ends itself, and Aurora starts the
 * instance anew. Faster than Aurora's client, which watches the instance for a while.
 */
final class ShellRestart {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int OK = 200;

  private ShellRestart() {}

  /** What came of it. */
  sealed interface Result {
    /** The container ends now, or it cannot. */
    record Answered(Outcome outcome) implements Result {}

    /** Its web shell was not reached: Aurora's client has to do it. */
    record Unreached(String why) implements Result {}
  }

  /**
   * Has a container end itself.
   *
   * @param plan where the containers are; empty if that is not known
   * @param topologyId the secret that the web shell asks for
   */
  static Result of(Optional<PhysicalPlan> plan, int container, String topologyId) {
    String id = "stmgr-" + container;
    Optional<StMgr> found =
        plan.stream()
            .flatMap(physical -> physical.getStmgrsList().stream())
            .filter(stmgr -> stmgr.getId().equals(id))
            .findFirst();
    if (found.isEmpty()) {
      return new Result.Answered(
          Outcome.refused("there is no container " + container + " in the physical plan"));
    }
    String host = found.get().getHostName();
    int port = found.get().getShellPort();
    byte[] secret =
        ("secret=" + URLEncoder.encode(topologyId, StandardCharsets.UTF_8))
            .getBytes(StandardCharsets.UTF_8);
    try {
      URI uri = new URI("http", null, host, port, "/killexecutor", null, null);
      Http.Answer answer = Http.call(uri, Optional.of(secret), LIMIT);
      return new Result.Answered(
          answer.status() == OK
              ? Outcome.done("")
              : Outcome.refused(
                  "the web shell of container "
                      + container
                      + " at "
                      + uri
                      + " answers "
                      + answer.status()
                      + " "
                      + answer.line()));
    } catch (IOException | URISyntaxException e) {
      return new Result.Unreached(
          "the web shell of container "
              + container
              + " at "
              + host
              + ":"
              + port
              + " is not reached: "
              + e.getMessage());
    }
  }
}
