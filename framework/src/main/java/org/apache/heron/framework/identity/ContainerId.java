package org.apache.heron.framework.identity;

/**
 * A container of the topology.
 *
 * @param value 0 is the topology manager's; others are those of the packing plan, with gaps
 */
public record ContainerId(int value) implements Comparable<ContainerId> {
  /** The topology manager's container. */
  public static final ContainerId MANAGER = new ContainerId(0);

  public ContainerId {
    if (value < 0) {
      throw new IllegalArgumentException("container " + value + " is below 0");
    }
  }

  @Override
  public int compareTo(ContainerId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
