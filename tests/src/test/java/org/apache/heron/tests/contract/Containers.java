package org.apache.heron.tests.contract;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.tests.integration.Processes;

/** Containers that are processes of this machine. */
final class Containers {
  private Containers() {}

  /**
   * The process of each container.
   *
   * @param mark that only the test's own processes have, in their words or their environment
   */
  static Map<Integer, String> of(String topology, String mark) {
    Map<Integer, String> found = new TreeMap<>();
    List<ProcessHandle> ours = Processes.mentioning(mark);
    for (ProcessHandle handle : Processes.mentioning("HERON_TOPOLOGY=" + topology)) {
      if (ours.contains(handle) && handle.children().findAny().isEmpty()) {
        Processes.variable(handle, "HERON_CONTAINER")
            .ifPresent(id -> found.put(Integer.valueOf(id), Long.toString(handle.pid())));
      }
    }
    return found;
  }
}
