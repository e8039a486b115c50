package org.apache.heron.scheduler.local.core;

/** What is wanted of a container. */
public enum Aim {
  /** It is to run. */
  RUN,
  /** It is to run, but with a new process when its turn comes. */
  RENEW,
  /** It is to end and be forgotten. */
  REMOVE
}
