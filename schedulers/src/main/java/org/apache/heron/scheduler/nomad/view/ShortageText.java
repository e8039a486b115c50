package org.apache.heron.scheduler.nomad.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.heron.scheduler.nomad.rest.Shortage;
import org.apache.heron.spi.scheduler.Explanation.Verdict;

/** Why a container finds no place, and what would give it one, in words. Pure. */
final class ShortageText {
  /** Nomad's own word for nodes that lack a task's driver. */
  private static final String DRIVERS = "missing drivers";

  private ShortageText() {}

  /** One line. */
  static String line(Shortage shortage) {
    List<String> parts = new ArrayList<>();
    reasons(shortage).forEach((reason, nodes) -> parts.add(nodes + reason));
    if (parts.isEmpty()) {
      return "no node has room for it";
    }
    return "no node takes it: " + String.join("; ", parts);
  }

  /** One for each reason. */
  static List<Verdict> verdicts(Shortage shortage) {
    List<Verdict> verdicts = new ArrayList<>();
    reasons(shortage)
        .forEach(
            (reason, nodes) ->
                verdicts.add(new Verdict(nodes, "", "", false, reason.strip(), List.of())));
    return verdicts;
  }

  /** Reason to how many nodes it holds of. */
  private static Map<String, String> reasons(Shortage shortage) {
    Map<String, String> reasons = new java.util.LinkedHashMap<>();
    int all = Math.max(shortage.evaluated(), sum(shortage.available()));
    if (sum(shortage.available()) == 0 && shortage.evaluated() == 0) {
      String where = String.join(", ", shortage.available().keySet());
      reasons.put(
          where.isEmpty()
              ? " is ready in the job's datacenters"
              : " is ready in datacenter " + where,
          "no node");
    }
    shortage
        .filtered()
        .forEach((what, nodes) -> reasons.put(filtered(what, nodes), count(nodes, all)));
    shortage
        .exhausted()
        .forEach(
            (what, nodes) ->
                reasons.put((nodes == 1 ? " has" : " have") + lacking(what), count(nodes, all)));
    shortage.quotas().forEach(quota -> reasons.put(" is used up", "quota " + quota));
    return reasons;
  }

  private static String filtered(String what, int nodes) {
    return switch (what) {
      case DRIVERS -> (nodes == 1 ? " has" : " have") + " not the driver";
      case "computed class ineligible" ->
          (nodes == 1 ? " is" : " are") + " of a class that does not fit";
      default -> (nodes == 1 ? " does" : " do") + " not meet the constraint " + what;
    };
  }

  private static String lacking(String dimension) {
    return switch (dimension) {
      case "memory", "cpu", "disk", "cores" -> " too little " + dimension;
      default -> " no room: " + dimension;
    };
  }

  private static String count(int nodes, int all) {
    return nodes + " of " + all + (all == 1 ? " node" : " nodes");
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** What would help, the likeliest first. */
  static List<String> remedies(Shortage shortage) {
    List<String> remedies = new ArrayList<>();
    if (shortage.filtered().containsKey(DRIVERS)) {
      remedies.add("allow the driver on Nomad's clients, or choose another: heron.nomad.driver");
    }
    for (String constraint : shortage.filtered().keySet()) {
      if (constraint.contains("attr.consul.")) {
        remedies.add(
            "the service for metrics needs Consul beside Nomad's clients; without it set"
                + " heron.nomad.metrics.service.provider: nomad, or"
                + " heron.nomad.metrics.service.register: False");
      }
    }
    if (shortage.evaluated() == 0 && sum(shortage.available()) == 0) {
      remedies.add("name a datacenter that has clients: heron.nomad.datacenters");
    }
    if (shortage.exhausted().containsKey("cpu")) {
      remedies.add("let a core count for fewer MHz: heron.nomad.core.freq.mapping");
    }
    if (shortage.exhausted().containsKey("memory")) {
      remedies.add("let containers be smaller: more of them, or less RAM for each component");
    }
    return remedies;
  }
}
