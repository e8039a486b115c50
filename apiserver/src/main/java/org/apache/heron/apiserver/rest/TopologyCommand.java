package org.apache.heron.apiserver.rest;

import java.util.Map;
import org.apache.heron.apiserver.command.Command;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.runtime.DirectTopology;
import org.apache.heron.client.runtime.RuntimeSession;
import org.apache.heron.client.runtime.SubmittedTopology;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;

/**
 * Something that is done with a topology, or asked about it.
 *
 * @param overrides configuration values as text
 * @param missingIs the status if there is no such topology
 */
record TopologyCommand(
    ServedCluster cluster,
    TopologyTarget target,
    String name,
    Map<String, String> overrides,
    int missingIs,
    Work work)
    implements Command {

  /** What is done. */
  interface Work {
    Answer with(SubmittedTopology topology) throws InterruptedException;
  }

  @Override
  public Answer run(Progress progress) throws InterruptedException {
    Settings settings = cluster.settings(target, overrides, false, false, progress);
    try (SubmittedTopology topology =
        new DirectTopology(RuntimeSession.open(settings, name, progress))) {
      return work.with(topology);
    }
  }

  /** By the words, as upstream does it. */
  @Override
  public int statusOf(String message) {
    return message.contains("does not exist") ? missingIs : 500;
  }
}
