package org.apache.heron.spi.scheduler;

import java.util.List;

/**
 * What happened to a topology's containers, at {@code GET /api/v1/history} as JSON with these
 * names. It is bounded: of many happenings the latest are kept.
 *
 * @param source who says so: the scheduler at host:port, or the records in ZooKeeper
 * @param framework what concerns the topology as a whole, oldest first
 * @param forgotten how many earlier happenings of it are no longer kept
 * @param containers by id
 */
public record TopologyHistory(
    String topology,
    String source,
    List<Happening> framework,
    long forgotten,
    List<Container> containers) {

  /**
   * Something that happened.
   *
   * @param at milliseconds since the epoch
   * @param kind one word in capitals
   * @param attempt which copy of the container it is about; 0 if about none
   * @param text one line; may be empty
   */
  public record Happening(long at, String kind, int attempt, String text) {}

  /**
   * What happened to one container.
   *
   * @param happenings oldest first
   * @param forgotten how many earlier ones are no longer kept
   */
  public record Container(int id, List<Happening> happenings, long forgotten) {}
}
