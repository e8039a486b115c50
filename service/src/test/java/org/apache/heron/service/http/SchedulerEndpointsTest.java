package org.apache.heron.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.heron.proto.scheduler.Scheduler.KillTopologyRequest;
import org.apache.heron.proto.scheduler.Scheduler.RestartTopologyRequest;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerResponse;
import org.apache.heron.proto.scheduler.Scheduler.UpdateTopologyRequest;
import org.apache.heron.proto.system.Common.StatusCode;
import org.apache.heron.service.update.PlanUpdates;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.SchedulerContext;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.statemgr.localfs.LocalFileSystemStateManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scheduler's HTTP service answers, to upstream's client and to nonsense. */
class SchedulerEndpointsTest {
  @TempDir Path directory;
  private final LocalFileSystemStateManager state = new LocalFileSystemStateManager();
  private final Recorder scheduler = new Recorder();
  private final HttpClient client = HttpClient.newHttpClient();
  private SchedulerEndpoints endpoints;

  @BeforeEach
  void start() throws Exception {
    state.initialize(
        Config.of(
            Map.of(
                "heron.statemgr.connection.string",
                "LOCALMODE",
                "heron.statemgr.root.path",
                directory.toString())));
    PlanUpdates updates = new PlanUpdates(state, "words", "words-id", scheduler);
    updates.begin();
    endpoints = new SchedulerEndpoints("127.0.0.1", 0, "words", "1.0", scheduler, updates);
  }

  @AfterEach
  void stop() {
    endpoints.close();
    state.close();
  }

  private HttpResponse<byte[]> post(String path, byte[] body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofByteArray(body)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + endpoints.port() + path);
  }

  @Test
  void commandsAreCarriedOutAndAnsweredAsUpstreamDoes() throws Exception {
    byte[] kill = KillTopologyRequest.newBuilder().setTopologyName("words").build().toByteArray();
    byte[] restart =
        RestartTopologyRequest.newBuilder()
            .setTopologyName("words")
            .setContainerIndex(-1)
            .build()
            .toByteArray();
    HttpResponse<byte[]> answer = post("/kill", kill);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(SchedulerResponse.parseFrom(answer.body()).getStatus().getStatus())
        .isEqualTo(StatusCode.OK);
    SchedulerResponse refused = SchedulerResponse.parseFrom(post("/restart", restart).body());
    assertThat(refused.getStatus().getStatus()).isEqualTo(StatusCode.NOTOK);
    assertThat(refused.getStatus().getMessage()).isEqualTo("not now");
    assertThat(scheduler.calls).containsExactly("kill", "restart -1");
  }

  /** A page that a user of this host looks at can have the browser send to loopback. */
  @Test
  void aWebPageCommandsNothing() throws Exception {
    for (String path : List.of("/kill", "/restart", "/update")) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(uri(path))
                  .header("Origin", "http://pages.example")
                  .POST(
                      BodyPublishers.ofByteArray(
                          KillTopologyRequest.newBuilder()
                              .setTopologyName("words")
                              .build()
                              .toByteArray()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(path).isEqualTo(403);
    }
    assertThat(scheduler.calls).isEmpty();
  }

  @Test
  void aRestartMaySayHowManyAtATime() throws Exception {
    byte[] restart =
        RestartTopologyRequest.newBuilder()
            .setTopologyName("words")
            .setContainerIndex(-1)
            .build()
            .toByteArray();
    post("/restart?parallel=3", restart);
    assertThat(scheduler.calls).containsExactly("restart -1, 3 at a time");
    for (String wrong : List.of("-1", "many", "99999999999", "")) {
      HttpResponse<byte[]> answer = post("/restart?parallel=" + wrong, restart);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(SchedulerResponse.parseFrom(answer.body()).getStatus().getMessage())
          .contains("'" + wrong + "'");
    }
    assertThat(scheduler.calls).hasSize(1);
  }

  // Another process goes on with what is on record: whoever asked is to look, not to give up.
  @Test
  void aRestartWhoseEndIsNotKnownIsNoRefusal() throws Exception {
    scheduler.restarted = IScheduler.Outcome.stopped("the scheduler has stopped");
    byte[] restart =
        RestartTopologyRequest.newBuilder()
            .setTopologyName("words")
            .setContainerIndex(1)
            .build()
            .toByteArray();
    HttpResponse<byte[]> answer = post("/restart", restart);
    assertThat(answer.statusCode()).isEqualTo(503);
    SchedulerResponse response = SchedulerResponse.parseFrom(answer.body());
    assertThat(response.getStatus().getStatus()).isEqualTo(StatusCode.NOTOK);
    assertThat(response.getStatus().getMessage()).isEqualTo("the scheduler has stopped");
  }

  @Test
  void theStatusSaysWhatIsStillToBeRestartedOrThatItIsNotKnown() throws Exception {
    assertThat(get("/api/v1/status").body()).contains("\"renewing\":null");
    scheduler.renewing = Optional.of(List.of(2, 0));
    String body = get("/api/v1/status").body();
    assertThat(body).contains("\"renewing\":[0,2]");
    ObjectMapper mapper = new ObjectMapper();
    assertThat(mapper.readValue(body, SchedulerStatus.class).toRenew()).hasValue(Set.of(0, 2));
    // As a scheduler says it that does not know the field.
    String older = body.replace(",\"renewing\":[0,2]", "");
    assertThat(older).isNotEqualTo(body);
    assertThat(mapper.readValue(older, SchedulerStatus.class).toRenew()).isEmpty();
  }

  @Test
  void anUpdateOfWhatDoesNotRunIsRefused() throws Exception {
    org.apache.heron.proto.system.PackingPlans.PackingPlan plan =
        PackingPlanProtos.toProto(new PackingPlan("words-id", List.of()));
    byte[] update =
        UpdateTopologyRequest.newBuilder()
            .setCurrentPackingPlan(plan)
            .setProposedPackingPlan(plan)
            .build()
            .toByteArray();
    SchedulerResponse response = SchedulerResponse.parseFrom(post("/update", update).body());
    assertThat(response.getStatus().getStatus()).isEqualTo(StatusCode.NOTOK);
    assertThat(response.getStatus().getMessage()).contains("no packing plan");
    assertThat(get("/api/v1/update").body()).contains("\"underWay\":false", "no packing plan");
  }

  @Test
  void whatASchedulerDoesNotSayIsNotInvented() throws Exception {
    assertThat(get("/api/v1/explain").statusCode()).isEqualTo(501);
    assertThat(get("/api/v1/history").statusCode()).isEqualTo(501);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/kill", "/restart", "/update"})
  void bodiesThatAreNoMessageReachNobody(String path) throws Exception {
    for (byte[] body : List.of(new byte[0], new byte[] {1, 2, 3}, new byte[100_000])) {
      HttpResponse<byte[]> answer = post(path, body);
      assertThat(answer.statusCode()).isEqualTo(400);
      SchedulerResponse response = SchedulerResponse.parseFrom(answer.body());
      assertThat(response.getStatus().getStatus()).isEqualTo(StatusCode.NOTOK);
      assertThat(response.getStatus().getMessage()).contains(body.length + " bytes");
    }
    assertThat(scheduler.calls).isEmpty();
  }

  @Test
  void commandsForAnotherTopologyAreRefused() throws Exception {
    byte[] body = KillTopologyRequest.newBuilder().setTopologyName("other").build().toByteArray();
    SchedulerResponse response = SchedulerResponse.parseFrom(post("/kill", body).body());
    assertThat(response.getStatus().getMessage()).contains("'words', not of 'other'");
    assertThat(scheduler.calls).isEmpty();
  }

  @Test
  void healthAndStatusTellHowThingsStand() throws Exception {
    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(get("/api/v1/status").body()).contains("\"topology\":\"words\"");
    assertThat(get("/api/v1/version").body()).contains("\"heron.build.version\":\"1.0\"");
    scheduler.phase = SchedulerStatus.Phase.FAILED;
    assertThat(get("/health").statusCode()).isEqualTo(503);
    assertThat(get("/health").body()).isEqualTo("Mesos has gone fishing");
    assertThat(get("/kill").statusCode()).isEqualTo(405);
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void figuresAreGivenAsPrometheusWantsThem() throws Exception {
    HttpResponse<String> answer = get("/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(answer.body()).isEqualTo("heron_leader 1\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127.0.0.1:5050|true",
        "localhost:5050|true",
        "zk://127.0.0.1:2181,127.0.0.1:2182/mesos|true",
        "zk://user:secret@127.0.0.1:2181/mesos|true",
        "http://127.0.0.1:5050|true",
        "LOCALMODE|true",
        "127.0.0.1:5050,192.0.2.7:5050|false",
        "192.0.2.7|false"
      })
  void oneHostIsToldFromACluster(String address, boolean loopback) {
    assertThat(HttpHost.isLoopback(address)).isEqualTo(loopback);
  }

  @Test
  void theConfiguredHostIsTaken() {
    assertThat(HttpHost.of(Config.of(Map.of("heron.mesos.scheduler.host", "sched.example"))))
        .isEqualTo("sched.example");
    assertThat(HttpHost.of(Config.of(Map.of()))).isEqualTo("127.0.0.1");
  }

  /** Debian and Ubuntu have the host's own name at 127.0.1.1, where only itself finds it. */
  @ParameterizedTest
  @CsvSource({
    "192.0.2.7:5050, 10.1.2.3, sched-1",
    "192.0.2.7:5050, 127.0.1.1, 192.0.2.1",
    "'zk://127.0.0.1:2181,192.0.2.7:2181/mesos', 127.0.1.1, 192.0.2.1",
    "198.51.100.7:5050, 127.0.1.1, sched-1",
    "127.0.0.1:5050, 127.0.1.1, 127.0.0.1"
  })
  void aHostWhoseNameIsLoopbackIsPublishedByTheAddressThatFacesTheCluster(
      String master, String own, String published) {
    HttpHost.Host host =
        new HttpHost.Host() {
          @Override
          public InetAddress own() throws UnknownHostException {
            return InetAddress.getByAddress("sched-1", InetAddress.getByName(own).getAddress());
          }

          @Override
          public Optional<InetAddress> towards(String other) {
            try {
              return other.equals("192.0.2.7")
                  ? Optional.of(InetAddress.getByName("192.0.2.1"))
                  : Optional.empty();
            } catch (UnknownHostException e) {
              throw new IllegalStateException(e);
            }
          }
        };
    assertThat(HttpHost.of(Config.of(Map.of("heron.mesos.master.uri", master)), host))
        .isEqualTo(published);
  }

  /** Keeps what it is told. */
  private static final class Recorder implements IScheduler {
    final List<String> calls = new ArrayList<>();
    volatile Outcome restarted = Outcome.refused("not now");
    volatile Optional<List<Integer>> renewing = Optional.empty();
    volatile SchedulerStatus.Phase phase = SchedulerStatus.Phase.RUNNING;

    @Override
    public void initialize(SchedulerContext context) {}

    @Override
    public void onSchedule(Supplier<PackingPlan> plan) {}

    @Override
    public List<String> jobLinks() {
      return List.of();
    }

    @Override
    public synchronized Outcome onKill() {
      calls.add("kill");
      return Outcome.done("killed");
    }

    @Override
    public synchronized CompletableFuture<Outcome> onRestart(int container, int parallel) {
      calls.add("restart " + container + (parallel == 0 ? "" : ", " + parallel + " at a time"));
      return CompletableFuture.completedFuture(restarted);
    }

    @Override
    public synchronized CompletableFuture<Outcome> onScale(PackingPlan wanted) {
      calls.add("scale");
      return CompletableFuture.completedFuture(Outcome.refused("never"));
    }

    @Override
    public SchedulerStatus status() {
      SchedulerStatus status =
          new SchedulerStatus(
              "words", "words-id", phase, "", "", "Mesos has gone fishing", List.of());
      return renewing.map(status::withRenewing).orElse(status);
    }

    @Override
    public String metrics() {
      return "heron_leader 1\n";
    }

    @Override
    public CompletableFuture<Void> finished() {
      return new CompletableFuture<>();
    }

    @Override
    public void close() {}
  }
}
