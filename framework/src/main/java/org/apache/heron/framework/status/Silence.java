package org.apache.heron.framework.status;

import java.util.stream.Collectors;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.placement.Constraint;
import org.apache.heron.framework.placement.MasterSide;

/** Why a container waits for which no offer was looked at: there may have been none to be had. */
final class Silence {
  private Silence() {}

  /**
   * What is known. Agents that the master keeps to itself on our behalf are in no offer, and so in
   * no verdict; only what it was told can be said of them.
   */
  static String of(State state) {
    String none = "waits for offers: none has come since it began to wait";
    String least = state.trading().told().map(MasterSide::leastText).orElse("");
    if (least.isEmpty()) {
      return none;
    }
    String excluded =
        state.trading().kept().stream().map(Constraint::text).collect(Collectors.joining(", "));
    return none
        + "; the master was told to offer only agents with "
        + least
        + (excluded.isEmpty() ? "" : " that are not excluded by " + excluded)
        + " ('heron plan' sees the others, too)";
  }
}
