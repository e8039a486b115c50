package org.apache.heron.client.doctor;

import java.util.List;

/**
 * A topology that does not run any more, of which shared state holds something.
 *
 * @param left directories that hold a node of it
 * @param reason how it is known that nothing runs
 */
public record DeadTopology(String name, List<String> left, String reason) {
  public DeadTopology {
    left = List.copyOf(left);
  }
}
