package org.apache.heron.scheduler.nomad;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.SchedulerStatus.Container;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Why containers do not run, as submit and explain say it. */
class ExplainTest extends NomadStory {
  @BeforeEach
  void withoutNodes() throws Exception {
    nomad.close();
    nomad = new StandInNomad(tasks);
    values.put("heron.nomad.scheduler.uri", nomad.uri());
  }

  private Container second() {
    SchedulerStatus status = scheduler().status();
    return status.containers().get(1);
  }

  private Explanation.Container explained() {
    return scheduler().explain().orElseThrow().containers().get(1);
  }

  @Test
  void aDimensionThatIsExhaustedIsNamed() {
    nomad.with(Node.large("a").of(100_000, 600)).with(Node.large("b").of(700, 100_000));
    submitted(plan(1));
    assertThat(second().state()).isEqualTo("WAITING");
    assertThat(second().reason())
        .isEqualTo(
            "no node takes it: 1 of 2 nodes has too little cpu; 1 of 2 nodes has too little memory");
    Explanation.Container container = explained();
    assertThat(container.verdicts())
        .extracting(Explanation.Verdict::text)
        .containsExactly("has too little cpu", "has too little memory");
    assertThat(container.needs()).contains(new Explanation.Quantity("MHz", 1500));
    assertThat(container.remedies()).anyMatch(remedy -> remedy.contains("core.freq.mapping"));

    // Room comes, and Nomad takes it.
    nomad.with(Node.large("c"));
    assertThat(second().state()).isEqualTo("RUNNING");
    assertThat(explained().line()).startsWith("on c, allocation ");
  }

  @Test
  void aConstraintThatFiltersIsNamed() {
    nomad.with(Node.large("a"));
    values.put("heron.nomad.constraints", List.of("node.class = fast", "attr.kernel.name is_set"));
    submitted(plan(1));
    assertThat(second().reason())
        .isEqualTo(
            "no node takes it: 1 of 1 node does not meet the constraint ${node.class} = fast");
  }

  @Test
  void aDriverOrDatacenterThatNoNodeHasIsNamedWithItsRemedy() {
    nomad.with(Node.large("a").with(Set.of("docker")));
    submitted(plan(1));
    assertThat(second().reason()).isEqualTo("no node takes it: 1 of 1 node has not the driver");
    assertThat(explained().remedies()).anyMatch(remedy -> remedy.contains("heron.nomad.driver"));
    scheduler().onKill();
    values.put("heron.nomad.datacenters", "north, south");
    submitted(plan(1));
    assertThat(second().reason())
        .isEqualTo("no node takes it: no node is ready in datacenter north, south");
    assertThat(explained().remedies())
        .anyMatch(remedy -> remedy.contains("heron.nomad.datacenters"));
  }

  @Test
  void aServiceForWhichThereIsNoConsulIsNamedWithItsRemedy() {
    nomad.with(Node.large("a"));
    values.put("heron.nomad.metrics.service.register", true);
    submitted(plan(1));
    assertThat(second().reason()).contains("${attr.consul.version} semver >= 1.8.0");
    assertThat(explained().remedies())
        .anyMatch(remedy -> remedy.contains("heron.nomad.metrics.service.provider: nomad"));
    scheduler().onKill();
    values.put("heron.nomad.metrics.service.provider", "nomad");
    assertThat(submitted(plan(1)).status().allRunning()).isTrue();
  }

  @Test
  void aTaskThatFailsIsTriedAgainLaterAndItsErrorIsShown() {
    nomad.with(Node.large("a"));
    tasks.now(PlayedTasks.Play.FAILS);
    submitted(plan(1));
    assertThat(second().state()).isEqualTo("BACKING_OFF");
    assertThat(second().reason())
        .isEqualTo("Driver Failure: Failed to pull `heron`: image not found");
    assertThat(second().retryAt()).isGreaterThan(System.currentTimeMillis() - 1_000);
  }

  @Test
  void aTaskThatItsNodeStartsOverAndOverIsBackingOff() {
    nomad.with(Node.large("a"));
    tasks.now(PlayedTasks.Play.RESTARTS);
    submitted(plan(1));
    assertThat(second().state()).isEqualTo("BACKING_OFF");
    // As often as a submit takes for hopeless.
    assertThat(second().attempt()).isGreaterThanOrEqualTo(5);
    assertThat(second().reason()).isEqualTo("Restarting: Task restarting in 15s");
  }

  @Test
  void aTaskThatIsPreparedSaysWhatItDoes() {
    nomad.with(Node.large("a"));
    tasks.now(PlayedTasks.Play.STAYS_PENDING);
    submitted(plan(1));
    assertThat(second().state()).isEqualTo("STAGING");
    assertThat(second().reason()).isEqualTo("Driver: Downloading image");
    assertThat(scheduler().explain().orElseThrow().market().demand()).isEmpty();
  }

  @Test
  void whereAContainersPortsAreIsSaid() {
    nomad.with(Node.large("a"));
    submitted(plan(1));
    assertThat(second().ports()).hasSize(9);
    int shell = nomad.port("words-0001-1", "shell_port");
    assertThat(second().ports()).containsEntry("shell-port", shell);
    assertThat(explained().line()).endsWith(", web shell at 127.0.0.1:" + shell);
    // Only for information: without it all else is as before.
    nomad.failAlways("GET /v1/allocation/", 0, 404, "alloc not found");
    assertThat(second().ports()).isEmpty();
    assertThat(second().state()).isEqualTo("RUNNING");
  }

  @Test
  void whatHappenedIsToldAsNomadRemembersIt() {
    nomad.with(Node.large("a"));
    NomadScheduler scheduler = submitted(plan(1));
    scheduler.onRestart(1, 1).join();
    TopologyHistory history = scheduler().history().orElseThrow();
    assertThat(history.source()).isEqualTo("Nomad at " + nomad.uri());
    assertThat(history.containers())
        .extracting(TopologyHistory.Container::id)
        .containsExactly(0, 1);
    assertThat(history.containers().get(1).happenings())
        .extracting(each -> each.attempt() + " " + each.kind())
        .containsExactly(
            "1 PLACED", "1 RECEIVED", "1 STARTED", "2 PLACED", "2 RECEIVED", "2 STARTED");
    assertThat(history.containers().get(1).happenings().get(0).text())
        .startsWith("on a, allocation ");
    assertThat(history.containers().get(1).happenings().get(2).text())
        .isEqualTo("Task started by client");
  }
}
