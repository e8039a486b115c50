package org.apache.heron.scheduler.nomad.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One time that Nomad thought about a job.
 *
 * @param status pending, blocked (waits for room), complete, failed or cancelled
 * @param description more about that; may be empty
 * @param modifyIndex grows with every change
 * @param waitUntilMillis when a job whose task has failed is tried again; 0 if it is not put off
 * @param shortages by task group
 */
public record Evaluation(
    String id,
    String status,
    String description,
    long modifyIndex,
    long waitUntilMillis,
    Map<String, Shortage> shortages) {

  /** Of the one group that a container's job has. */
  public Optional<Shortage> shortage() {
    return shortages.values().stream().findFirst();
  }

  static Evaluation of(JsonNode evaluation) {
    return new Evaluation(
        evaluation.path("ID").asText(),
        evaluation.path("Status").asText(),
        evaluation.path("StatusDescription").asText(),
        evaluation.path("ModifyIndex").asLong(),
        millis(evaluation.path("WaitUntil").asText("")),
        shortages(evaluation.path("FailedTGAllocs")));
  }

  static Map<String, Shortage> shortages(JsonNode failed) {
    Map<String, Shortage> shortages = new TreeMap<>();
    failed
        .properties()
        .forEach(entry -> shortages.put(entry.getKey(), Shortage.of(entry.getValue())));
    return shortages;
  }

  // Go writes the beginning of the year 1 where there is no time.
  private static long millis(String time) {
    try {
      return time.isEmpty() ? 0 : Math.max(0, Instant.parse(time).toEpochMilli());
    } catch (DateTimeParseException e) {
      return 0;
    }
  }
}
