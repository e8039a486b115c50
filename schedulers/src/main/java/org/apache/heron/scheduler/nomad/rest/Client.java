package org.apache.heron.scheduler.nomad.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;

/**
 * A machine that runs containers, as a list of Nomad's shows it.
 *
 * @param ready true if it takes new ones
 * @param drivers that work on it
 */
public record Client(String name, String datacenter, boolean ready, Set<String> drivers) {
  public Client {
    drivers = Set.copyOf(drivers);
  }

  static Client of(JsonNode stub) {
    Set<String> drivers = new TreeSet<>();
    stub.path("Drivers")
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().path("Healthy").asBoolean()) {
                drivers.add(entry.getKey());
              }
            });
    boolean eligible = !stub.path("SchedulingEligibility").asText("").equals("ineligible");
    return new Client(
        stub.path("Name").asText(),
        stub.path("Datacenter").asText(),
        eligible && stub.path("Status").asText().equals("ready"),
        drivers);
  }
}
