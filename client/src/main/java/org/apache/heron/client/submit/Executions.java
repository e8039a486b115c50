package org.apache.heron.client.submit;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.proto.system.ExecutionEnvironment.HeronReleaseState;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;

/** Makes the record of who submitted what, where and when. */
final class Executions {
  private Executions() {}

  /**
   * The record.
   *
   * @param packageUri that a kill has to know to remove the package
   */
  static ExecutionState of(Config config, Instant now, Optional<URI> packageUri) {
    ExecutionState.Builder state =
        ExecutionState.newBuilder()
            .setTopologyName(config.string(Key.TOPOLOGY_NAME))
            .setTopologyId(config.string(Key.TOPOLOGY_ID))
            .setSubmissionTime(now.getEpochSecond())
            .setSubmissionUser(config.string(Key.SUBMIT_USER))
            .setCluster(config.string(Key.CLUSTER))
            .setRole(config.string(Key.ROLE))
            .setEnviron(config.string(Key.ENVIRON))
            .setReleaseState(
                HeronReleaseState.newBuilder()
                    .setReleaseUsername(config.optionalString(Key.BUILD_USER).orElse(""))
                    .setReleaseTag("")
                    .setReleaseVersion(config.optionalString(Key.BUILD_VERSION).orElse("")));
    packageUri.ifPresent(uri -> state.setPackageUri(uri.toString()));
    return state.build();
  }
}
