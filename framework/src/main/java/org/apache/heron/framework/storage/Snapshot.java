package org.apache.heron.framework.storage;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that is on record of a topology at the moment of taking over. Immutable.
 *
 * @param epoch number of this writer among all that ever wrote for this submission, from 1
 * @param framework absent if nothing was written yet
 * @param containers by id
 */
public record Snapshot(
    long epoch,
    Optional<FrameworkRecord> framework,
    SortedMap<Integer, ContainerRecord> containers) {

  /** Copies the containers. */
  public Snapshot {
    containers = Collections.unmodifiableSortedMap(new TreeMap<>(containers));
  }
}
