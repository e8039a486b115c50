package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster has for a plan, asked before anything is launched. */
class PlanSurveyTest {
  @TempDir private Path directory;
  private MiniCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster =
        MiniCluster.builder()
            .directory(directory.resolve("cluster"))
            .allocationInterval(Duration.ofMillis(200))
            .agent(agent -> agent.resources("cpus:2;mem:2048;disk:4096;ports:[31000-31099]"))
            .agent(
                agent ->
                    agent.resources(
                        "cpus(rare):4;mem(rare):4096;disk(rare):4096;ports(rare):[31100-31199]"))
            .start();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Explanation survey(int containers, double cpus, Map<String, ?> values)
      throws InterruptedException {
    Map<String, Object> all = new HashMap<>(values);
    all.putIfAbsent("heron.mesos.master.uri", cluster.masterUri());
    return PlanSurvey.of(Words.config(all), "words", Words.plan(containers, cpus));
  }

  @Test
  void whatFitsIsSaidAndNothingIsLeft() throws Exception {
    Explanation plan = survey(2, 0.5, Map.of());

    assertThat(plan.containers()).hasSize(3);
    assertThat(plan.containers())
        .allSatisfy(
            container -> {
              assertThat(container.waits()).isFalse();
              assertThat(container.line()).startsWith("would go to ");
            });
    assertThat(cluster.leader().frameworks()).isEmpty();
  }

  @Test
  void whatIsReservedForAnotherRoleDoesNotCount() throws Exception {
    Explanation plan = survey(1, 3, Map.of());

    assertThat(plan.containers().get(0).waits()).isFalse();
    Explanation.Container large = plan.containers().get(1);
    assertThat(large.waits()).isTrue();
    assertThat(large.line()).contains("cpus");
    assertThat(large.verdicts()).hasSize(1);
    assertThat(large.verdicts().get(0).lacks())
        .anySatisfy(lack -> assertThat(lack.resource()).isEqualTo("cpus"));
    assertThat(large.remedies()).isNotEmpty();

    Explanation withRole = survey(1, 3, Map.of("heron.mesos.role", "*,rare"));
    assertThat(withRole.containers()).noneMatch(Explanation.Container::waits);
    assertThat(cluster.leader().frameworks()).isEmpty();
  }

  @Test
  void whatWouldBeHeldBackIsNotSaidToGoAnywhere() throws Exception {
    Explanation plan = survey(5, 0.5, Map.of());

    assertThat(plan.problem())
        .startsWith("nothing is launched until all containers fit at once: ")
        .contains(" of 6 fit; the other ", " need in sum ", "of which the agents together lack ");
    assertThat(plan.containers().get(0).line()).startsWith("would fit on ");
    assertThat(plan.containers().get(0).verdicts())
        .singleElement()
        .satisfies(verdict -> assertThat(verdict.fits()).isTrue());
    assertThat(plan.containers().get(5).waits()).isTrue();

    Explanation alone = survey(5, 0.5, Map.of("heron.mesos.gang.wait.ms", 0));
    assertThat(alone.problem()).isEmpty();
    assertThat(alone.containers().get(0).line()).startsWith("would go to ");
  }

  @Test
  void withoutAMasterThatIsSaid() throws Exception {
    // Bound, so that nobody else listens there.
    try (Socket closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = closed.getLocalPort();
      assertThatThrownBy(
              () ->
                  new OfferSurvey(
                          org.apache.mesos.v1.Protos.FrameworkInfo.newBuilder()
                              .setName("heron_scheduler_words")
                              .setUser("")
                              .build(),
                          Duration.ofSeconds(5))
                      .take(
                          listener ->
                              HttpConnection.open(
                                  new MesosSettings(
                                          Words.config(
                                              Map.of(
                                                  "heron.mesos.master.uri", "127.0.0.1:" + port)))
                                      .driver(),
                                  listener,
                                  new org.apache.heron.framework.metrics.FrameworkMetrics(
                                      "words", "", "", "", java.time.Clock.systemUTC()))))
          .isInstanceOf(SchedulerException.class)
          .hasMessageContaining("no master has taken the question")
          .hasMessageContaining("127.0.0.1:" + port);
    }
  }

  /** The environment of the tests names no library. */
  @Test
  void withLibmesosAskedForNothingElseSpeaksForThePlan() {
    assertThatThrownBy(() -> survey(1, 0.5, Map.of("heron.mesos.driver", "native")))
        .isInstanceOf(SchedulerException.class)
        .hasMessageStartingWith("heron.mesos.driver is native, but MESOS_NATIVE_JAVA_LIBRARY");
  }
}
