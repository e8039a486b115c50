package org.apache.heron.spi.scheduler;

/**
 * How an update stands, at {@code GET /api/v1/update} as JSON with these names. Absent texts are
 * empty, absent times 0 (milliseconds since the epoch).
 *
 * @param underWay true while one is being carried out or taken back
 * @param step what is being done now
 * @param since when this scheduler process began, or went on, with it
 * @param last what became of the last one, as one line
 */
public record UpdateStatus(boolean underWay, String step, long since, String last) {
  /** None since the scheduler's process began. */
  public static final UpdateStatus NONE = new UpdateStatus(false, "", 0, "");
}
