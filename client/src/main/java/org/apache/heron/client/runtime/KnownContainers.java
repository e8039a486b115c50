package org.apache.heron.client.runtime;

import java.util.List;
import org.apache.heron.client.ClientException;

/** Refuses containers that a topology does not have, always in the same words. */
final class KnownContainers {
  private static final int SHOWN = 20;

  private KnownContainers() {}

  /**
   * Looks whether there is such a container.
   *
   * @param known the ids that there are, in their order
   * @throws ClientException if not; it names those that there are
   */
  static void require(RuntimeSession session, int container, List<Integer> known) {
    if (known.contains(container)) {
      return;
    }
    int more = known.size() - SHOWN;
    throw new ClientException(
        "Topology '"
            + session.topology()
            + "' has no container "
            + container
            + "; it has "
            + (more > 0 ? known.subList(0, SHOWN) + " and " + more + " more" : known));
  }
}
