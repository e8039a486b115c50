package org.apache.heron.scheduler.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Finding.Verdict;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.Test;

/** What doctor and plan ask of Nomad, which changes nothing there. */
class NomadBackEndTest extends NomadStory {
  private List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    try (NomadBackEnd backEnd = new NomadBackEnd(local(), Map.of())) {
      backEnd.check(findings::add);
    }
    return findings;
  }

  @Test
  void aNomadThatIsFitForTopologiesIsFoundSo() {
    assertThat(findings())
        .extracting(Finding::verdict)
        .containsExactly(Verdict.OK, Verdict.OK, Verdict.OK, Verdict.OK);
    assertThat(findings().get(1).message()).isEqualTo("it is 1.8.4");
    assertThat(nomad.world().history()).isEmpty();
  }

  @Test
  void whatIsWrongHasARemedy() {
    values.put("heron.nomad.datacenters", "south");
    assertThat(findings().get(2).verdict()).isEqualTo(Verdict.FAILED);
    assertThat(findings().get(2).remedy().orElseThrow()).contains("heron.nomad.datacenters");
    values.put("heron.nomad.datacenters", "dc2");
    nomad.with(new Node("n2", "b", "dc2", Set.of("docker"), Map.of(), 1, 1, 1));
    assertThat(findings().get(2).message())
        .isEqualTo("0 of 1 ready clients in [dc2] have driver raw_exec");
    nomad.requireToken("secret");
    assertThat(findings()).hasSize(1);
    assertThat(findings().get(0).message()).contains("it asks for a token");
    values.put("heron.nomad.driver", "exec");
    assertThat(findings().get(0).message()).contains("heron.nomad.driver is 'exec'");
  }

  /** Nomad takes patterns since 1.5, and {@code *} stands there for all that it has. */
  @Test
  void datacentersMayBePatterns() {
    nomad.with(new Node("n2", "b", "north-1", Set.of("raw_exec"), Map.of(), 9_999, 9_999, 9_999));
    values.put("heron.nomad.datacenters", "*");
    assertThat(findings().get(2).message())
        .isEqualTo("2 of 2 ready clients in [*] have driver raw_exec");
    values.put("heron.nomad.datacenters", List.of("nor*1", "west"));
    assertThat(findings().get(2).message())
        .isEqualTo("1 of 1 ready clients in [nor*1, west] have driver raw_exec");
    assertThat(survey(plan(1)).containers())
        .extracting(Explanation.Container::state)
        .containsExactly("FITS", "FITS");
    values.put("heron.nomad.datacenters", "north.1");
    assertThat(findings().get(2).verdict()).isEqualTo(Verdict.FAILED);
    assertThat(survey(plan(1)).containers())
        .extracting(Explanation.Container::state)
        .containsExactly("WAITING", "WAITING");
  }

  private Explanation survey(PackingPlan plan) {
    NomadLauncher launcher = new NomadLauncher();
    launcher.initialize(new LaunchContext(local(), cluster(), TOPOLOGY, URI.create(""), state));
    return launcher.survey(plan);
  }

  @Test
  void aTokenForJobsAloneIsEnough() {
    nomad.failAlways("GET /v1/nodes", 0, 403, "Permission denied");
    nomad.failAlways("GET /v1/agent/self", 0, 403, "Permission denied");
    assertThat(findings())
        .extracting(Finding::verdict)
        .containsExactly(Verdict.OK, Verdict.SKIPPED, Verdict.SKIPPED, Verdict.OK);
  }

  @Test
  void whetherATopologyRunsIsAskedOfNomad() {
    try (NomadBackEnd backEnd = new NomadBackEnd(local(), Map.of())) {
      assertThat(backEnd.life("words").state()).isEqualTo(Life.State.GONE);
      submitted(plan(2));
      assertThat(backEnd.life("words").reason()).endsWith("has 3 jobs of it");
      assertThat(backEnd.life("word").state()).isEqualTo(Life.State.GONE);
      nomad.failAlways("GET /v1/jobs", 0, 500, "rpc error");
      assertThat(backEnd.life("words").state()).isEqualTo(Life.State.UNKNOWN);
    }
  }

  @Test
  void aTopologyThatMayRunElsewhereIsNotSaidToBeGone() {
    try (NomadBackEnd backEnd = new NomadBackEnd(local(), Map.of())) {
      state.put(
          StateKind.SCHEDULER_LOCATION,
          "words",
          SchedulerLocation.newBuilder()
              .setTopologyName("words")
              .setHttpEndpoint("scheduler_as_lib_no_endpoint")
              .addJobPageLink(nomad.uri() + "/ui/jobs/words-0001-0@analytics")
              .build());
      assertThat(backEnd.life("words").state()).isEqualTo(Life.State.UNKNOWN);
      assertThat(backEnd.life("words").reason())
          .contains("heron.nomad.namespace is default, and was analytics");
    }
    values.put("heron.nomad.namespace", "analytics");
    try (NomadBackEnd backEnd = new NomadBackEnd(local(), Map.of())) {
      assertThat(backEnd.life("words").state()).isEqualTo(Life.State.GONE);
    }
    values.put("heron.class.state.manager", "none.such");
    try (NomadBackEnd backEnd = new NomadBackEnd(local(), Map.of())) {
      assertThat(backEnd.life("words").state()).isEqualTo(Life.State.UNKNOWN);
    }
  }

  @Test
  void aPlanSaysWhichContainersWouldFindAPlaceAndRegistersNothing() {
    nomad.with(new Node("n2", "b", "dc2", Set.of("raw_exec"), Map.of(), 2_200, 100_000, 1));
    values.put("heron.nomad.datacenters", "dc2");
    Explanation plan = survey(plan(2));
    assertThat(plan.containers())
        .extracting(Explanation.Container::state)
        .containsExactly("FITS", "FITS", "WAITING");
    assertThat(plan.containers().get(2).line())
        .isEqualTo("no node takes it: 1 of 1 node has too little cpu");
    assertThat(nomad.world().history()).isEmpty();
  }
}
