package org.apache.heron.client.doctor;

import java.util.List;
import org.apache.heron.spi.statemgr.StateKind;

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

  /** True if it is in nobody's way: no submit of that name is refused for it. */
  public boolean harmless() {
    return left.equals(List.of(StateKind.LOCKS_DIRECTORY));
  }
}
