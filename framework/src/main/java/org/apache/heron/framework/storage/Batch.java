package org.apache.heron.framework.storage;

import java.util.List;
import java.util.Optional;

/**
 * Records to be written together, in this order. One batch is one transaction unless it is larger
 * than a transaction may be (about 4,000 containers without much history, some 400 with the
 * longest); then it is several, each whole, made in order, of which the first may become durable
 * alone. Whoever takes over in between finds some containers as they were before and some as they
 * are after the change, none half: copies on record that were never launched are found unknown by
 * reconciliation and launched anew, since whatever the writer does in the world waits for the last
 * of the transactions. Immutable.
 *
 * @param framework written first, if present
 * @param containers to write, each whole
 * @param removed ids of containers whose records go; absent ones are no error
 */
public record Batch(
    Optional<FrameworkRecord> framework, List<ContainerRecord> containers, List<Integer> removed) {

  /** Copies the lists. */
  public Batch {
    containers = List.copyOf(containers);
    removed = List.copyOf(removed);
  }

  /** A batch of the framework's record alone. */
  public static Batch of(FrameworkRecord framework) {
    return new Batch(Optional.of(framework), List.of(), List.of());
  }

  /** A batch of containers. */
  public static Batch of(List<ContainerRecord> containers) {
    return new Batch(Optional.empty(), containers, List.of());
  }

  /** True if there is nothing to write. */
  public boolean isEmpty() {
    return framework.isEmpty() && containers.isEmpty() && removed.isEmpty();
  }
}
