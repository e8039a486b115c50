package org.apache.heron.framework.core;

/** What Mesos knows of our wish for offers. */
public enum Demand {
  /** Mesos sends offers, and has no reason of ours to hold any back. */
  OPEN,
  /** We have declined offers: what was declined comes again only later, or after REVIVE. */
  FILTERED,
  /**
   * Perhaps all is open, perhaps something is held back that we, or who led before us, have
   * declined to what may have been the same connection.
   */
  UNCERTAIN,
  /** We have asked for silence. */
  SUPPRESSED
}
