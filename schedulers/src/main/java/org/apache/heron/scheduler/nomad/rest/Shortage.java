package org.apache.heron.scheduler.nomad.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Why a container was not placed, as Nomad counted it over its nodes.
 *
 * @param evaluated nodes that were looked at
 * @param available nodes there are, by datacenter
 * @param filtered nodes that were left out, by constraint
 * @param exhausted nodes that were full, by dimension
 * @param quotas that were reached
 */
public record Shortage(
    int evaluated,
    Map<String, Integer> available,
    Map<String, Integer> filtered,
    Map<String, Integer> exhausted,
    List<String> quotas) {
  public Shortage {
    available = new TreeMap<>(available);
    filtered = new TreeMap<>(filtered);
    exhausted = new TreeMap<>(exhausted);
    quotas = List.copyOf(quotas);
  }

  static Shortage of(JsonNode metric) {
    List<String> quotas = new ArrayList<>();
    metric.path("QuotaExhausted").forEach(quota -> quotas.add(quota.asText()));
    return new Shortage(
        metric.path("NodesEvaluated").asInt(),
        counts(metric.path("NodesAvailable")),
        counts(metric.path("ConstraintFiltered")),
        counts(metric.path("DimensionExhausted")),
        quotas);
  }

  private static Map<String, Integer> counts(JsonNode map) {
    Map<String, Integer> counts = new TreeMap<>();
    map.properties().forEach(entry -> counts.put(entry.getKey(), entry.getValue().asInt()));
    return counts;
  }
}
