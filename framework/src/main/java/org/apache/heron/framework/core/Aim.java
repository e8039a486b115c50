package org.apache.heron.framework.core;

/** What is wanted of a container. On record. */
public enum Aim {
  /** It is to run. */
  RUN,
  /** It is to run, but by a new copy: the present one is replaced when its turn comes. */
  RENEW,
  /** It is to be gone: its copy is killed, and when that is dead the container is forgotten. */
  REMOVE
}
