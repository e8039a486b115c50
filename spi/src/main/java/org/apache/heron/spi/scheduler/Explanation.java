package org.apache.heron.spi.scheduler;

import java.util.List;

/**
 * What each container of a topology waits for, and why, at {@code GET /api/v1/explain} as JSON with
 * these names. Absent texts are empty, absent times 0 (milliseconds since the epoch).
 *
 * @param at when this was said
 * @param problem what keeps the scheduler as a whole from going on; empty if nothing does
 * @param market how the scheduler stands to the cluster's offers
 * @param containers by id, container 0 first
 * @param penalties agents that are avoided for a while
 */
public record Explanation(
    String topology,
    long at,
    SchedulerStatus.Phase phase,
    String problem,
    Market market,
    List<Container> containers,
    List<Penalty> penalties) {

  /**
   * How the scheduler stands to offers.
   *
   * @param demand one word: OPEN, FILTERED (what was declined comes again later), SUPPRESSED; empty
   *     where nothing is offered
   * @param filtersLapse when the last filter that a decline has set is over; 0 if there is none
   * @param lastRound when offers were last looked at; 0 if never
   * @param offers how many were looked at then
   * @param agents of how many agents
   */
  public record Market(String demand, long filtersLapse, long lastRound, int offers, int agents) {}

  /**
   * One container.
   *
   * @param state as in {@link SchedulerStatus.Container}
   * @param line where it runs, or what it waits for, in one line
   * @param since when it came into this state
   * @param attempt how many copies were launched so far
   * @param failures in a row, of which the back-off depends
   * @param retryAt when a container that backs off is tried again
   * @param cause why the last copy ended, or why it is being ended
   * @param needs what it asks of an agent
   * @param verdicts what each agent's offers came to in the last round, the nearest fit first; a
   *     bounded number of them
   * @param unnamed how many more verdicts there were
   * @param remedies what would make it fit, the smallest change first
   */
  public record Container(
      int id,
      String state,
      String line,
      long since,
      int attempt,
      int failures,
      long retryAt,
      String cause,
      List<Quantity> needs,
      List<Verdict> verdicts,
      int unnamed,
      List<String> remedies) {

    /** True if it has no copy. */
    public boolean waits() {
      return state.equals("WAITING") || state.equals("BACKING_OFF");
    }
  }

  /**
   * So much of a resource.
   *
   * @param resource in Mesos' words: cpus, mem, disk, gpus, ports
   * @param amount cores, mebibytes, or a number of ports
   */
  public record Quantity(String resource, double amount) {}

  /**
   * What an agent's offers came to for a container.
   *
   * @param role whose resources were offered
   * @param fits true if it would have gone there
   * @param text one line
   * @param lacks what is missing there
   */
  public record Verdict(
      String agentId,
      String hostname,
      String role,
      boolean fits,
      String text,
      List<Quantity> lacks) {}

  /**
   * An agent that is avoided.
   *
   * @param failures there, in a row
   * @param until when it is as good as any again
   * @param reason the last failure
   */
  public record Penalty(String agentId, int failures, long until, String reason) {}
}
