package org.apache.heron.framework.simulation;

/**
 * A promise that was broken.
 *
 * @param promise its name
 * @param time in milliseconds since the world began
 * @param what happened, in one line
 */
record Violation(String promise, long time, String what) {
  @Override
  public String toString() {
    return promise + " at " + Timeline.clock(time) + ": " + what;
  }
}
