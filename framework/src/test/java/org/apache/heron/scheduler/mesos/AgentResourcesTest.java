package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.master.Protos.Response.GetAgents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which resources of agents a framework of a role would be offered. */
class AgentResourcesTest {
  private static GetAgents agentWithPortsFor(String... roles) {
    Resource.Builder ports =
        Resource.newBuilder()
            .setName("ports")
            .setType(Value.Type.RANGES)
            .setRanges(
                Value.Ranges.newBuilder()
                    .addRange(Value.Range.newBuilder().setBegin(31_000).setEnd(31_099)));
    for (String role : roles) {
      ports.addReservations(
          Resource.ReservationInfo.newBuilder()
              .setType(Resource.ReservationInfo.Type.STATIC)
              .setRole(role));
    }
    return GetAgents.newBuilder()
        .addAgents(
            GetAgents.Agent.newBuilder()
                .setAgentInfo(
                    AgentInfo.newBuilder()
                        .setHostname("a1")
                        .setId(AgentID.newBuilder().setValue("S1")))
                .setActive(true)
                .setVersion("1.11.0")
                .addTotalResources(ports))
        .build();
  }

  private static Finding ports(GetAgents agents, String role) {
    List<Finding> findings = new ArrayList<>();
    AgentResources.judge(agents, List.of(role), findings::add);
    return findings.stream().filter(each -> each.check().equals("ports")).findAny().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "eng, eng/heron, OK",
    "eng, eng/streams/heron, OK",
    "eng/heron, eng/heron, OK",
    "eng/heron, eng, FAILED",
    "eng, engine, FAILED",
    "eng, ops/eng, FAILED"
  })
  void whatIsReservedForARoleCountsForThoseBelowIt(
      String reserved, String role, Finding.Verdict verdict) {
    assertThat(ports(agentWithPortsFor(reserved), role).verdict()).isEqualTo(verdict);
  }

  /** The last reservation refines those before it. */
  @Test
  void aRefinedReservationIsForTheNarrowerRoleAlone() {
    GetAgents refined = agentWithPortsFor("eng", "eng/heron");
    assertThat(ports(refined, "eng/heron").verdict()).isEqualTo(Finding.Verdict.OK);
    assertThat(ports(refined, "eng/other").verdict()).isEqualTo(Finding.Verdict.FAILED);
  }

  @Test
  void whatIsNotReservedCountsForAll() {
    assertThat(ports(agentWithPortsFor(), "eng/heron").verdict()).isEqualTo(Finding.Verdict.OK);
  }
}
