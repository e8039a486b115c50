package org.apache.heron.framework.status;

import java.util.List;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.history.Happening;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.spi.scheduler.TopologyHistory;

/** What has happened, in the words of {@link TopologyHistory}. Pure. */
public final class HistoryReport {
  private HistoryReport() {}

  /**
   * As a scheduler knows it that runs.
   *
   * @param source who says so
   */
  public static TopologyHistory of(String topology, String source, State state) {
    return report(
        topology,
        source,
        state.history(),
        state.containers().stream()
            .map(container -> container(container.id().value(), container.history()))
            .toList());
  }

  /**
   * As it is on record, when no scheduler runs.
   *
   * @param source where the records are
   */
  public static TopologyHistory of(String topology, String source, Snapshot snapshot) {
    return report(
        topology,
        source,
        snapshot.framework().map(FrameworkRecord::history).orElse(History.NONE),
        snapshot.containers().values().stream()
            .map(record -> container(record.containerId(), record.history()))
            .toList());
  }

  private static TopologyHistory report(
      String topology,
      String source,
      History framework,
      List<TopologyHistory.Container> containers) {
    return new TopologyHistory(
        topology, source, happenings(framework), framework.forgotten(), containers);
  }

  private static TopologyHistory.Container container(int id, History history) {
    return new TopologyHistory.Container(id, happenings(history), history.forgotten());
  }

  private static List<TopologyHistory.Happening> happenings(History history) {
    return history.happenings().stream().map(HistoryReport::happening).toList();
  }

  private static TopologyHistory.Happening happening(Happening happening) {
    return new TopologyHistory.Happening(
        happening.at().toEpochMilli(),
        happening.kind().name(),
        happening.attempt(),
        happening.text());
  }
}
