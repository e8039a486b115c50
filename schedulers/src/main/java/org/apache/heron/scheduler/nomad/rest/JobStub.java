package org.apache.heron.scheduler.nomad.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A registered job in a list.
 *
 * @param stopped true if it was stopped, and is only remembered
 * @param meta what whoever registered it wrote there
 * @param version changes whenever Nomad knows anything new of the job or its containers
 */
public record JobStub(
    String id, String name, boolean stopped, Map<String, String> meta, String version) {
  public JobStub {
    meta = Map.copyOf(meta);
  }

  static JobStub of(JsonNode stub, Map<String, String> meta) {
    return new JobStub(
        stub.path("ID").asText(),
        stub.path("Name").asText(),
        stub.path("Stop").asBoolean(),
        meta,
        stub.path("ModifyIndex").asText()
            + "/"
            + stub.path("JobSummary").path("ModifyIndex").asText()
            + stub.path("JobSummary").path("Summary"));
  }
}
