package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.framework.storage.Goal;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What doctor asks a cluster, whole and broken. */
class MesosBackEndTest {
  private static final String AGENT = "cpus:2;mem:2048;disk:4096;ports:[31000-31099]";

  /** Enough where no offer, or none that fits, can come. */
  private static final Duration NOTHING_COMES = Duration.ofMillis(800);

  private static final Duration REGISTRATION = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private MiniCluster cluster;

  @BeforeEach
  void start() throws IOException {
    start(AGENT);
  }

  private void start(String... agents) throws IOException {
    MiniCluster.Builder builder =
        MiniCluster.builder()
            .directory(directory.resolve("cluster" + System.nanoTime()))
            .allocationInterval(Duration.ofMillis(200));
    for (String resources : agents) {
      builder.agent(agent -> agent.hostname("localhost").resources(resources));
    }
    cluster = builder.start();
  }

  private void restart(String... agents) throws IOException {
    cluster.close();
    start(agents);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Config config(Map<String, ?> values) {
    Map<String, Object> all = new HashMap<>();
    all.put("heron.mesos.master.uri", cluster.masterUri());
    all.put("heron.statemgr.connection.string", cluster.zooKeeper().connectString());
    all.putAll(values);
    return Words.config(all);
  }

  private MesosBackEnd backEnd(Config config) {
    return backEnd(config, OfferSurvey.QUIET);
  }

  private MesosBackEnd backEnd(Config config, Duration quiet) {
    return new MesosBackEnd(config, config, REGISTRATION, quiet);
  }

  private List<Finding> check(Map<String, ?> values) throws InterruptedException {
    return check(values, OfferSurvey.QUIET);
  }

  private List<Finding> check(Map<String, ?> values, Duration quiet) throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    Config config = config(values);
    try (MesosBackEnd backEnd = backEnd(config, quiet)) {
      backEnd.check(findings::add);
    }
    return findings;
  }

  private Finding fetch(String uri) throws Exception {
    return fetch(uri, OfferSurvey.QUIET);
  }

  private Finding fetch(String uri, Duration quiet) throws Exception {
    List<Finding> findings = new ArrayList<>();
    Config config = config(Map.of("heron.package.core.uri", uri));
    try (MesosBackEnd backEnd = backEnd(config, quiet)) {
      backEnd.fetchCore(findings::add);
    }
    assertThat(cluster.leader().frameworks()).isEmpty();
    assertThat(findings).hasSize(1);
    return findings.get(0);
  }

  @Test
  void aWholeClusterIsFoundSo() throws Exception {
    List<Finding> findings = check(Map.of());

    assertThat(findings)
        .extracting(Finding::check)
        .containsExactly("master", "leader", "agents", "ports", "clock", "framework");
    assertThat(findings).allMatch(finding -> finding.verdict() == Finding.Verdict.OK);
    assertThat(findings.get(2).message())
        .isEqualTo("1 active, with 2.0 cpus and 2048 MB mem for roles *");
    assertThat(findings.get(5).message())
        .isEqualTo("registered (roles *); 1 offers from 1 agents; torn down again");
    assertThat(cluster.leader().frameworks()).isEmpty();
  }

  @Test
  void aMasterThatIsNotThereIsSaid() throws Exception {
    List<Finding> findings;
    int closed;
    // Bound, so that nobody else listens there.
    try (Socket bound = new Socket()) {
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      closed = bound.getLocalPort();
      findings = check(Map.of("heron.mesos.master.uri", "127.0.0.1:" + closed));
    }

    assertThat(findings).extracting(Finding::check).containsExactly("master", "framework");
    assertThat(findings.get(0).verdict()).isEqualTo(Finding.Verdict.FAILED);
    assertThat(findings.get(0).message())
        .contains("the Mesos master at 127.0.0.1:" + closed + " does not answer");
    assertThat(findings.get(0).remedy().orElseThrow())
        .startsWith("start the master, or correct heron.mesos.master.uri");
    assertThat(findings.get(1).verdict()).isEqualTo(Finding.Verdict.SKIPPED);
  }

  @Test
  void anotherServerIsNoMaster() throws Exception {
    List<Finding> findings =
        check(Map.of("heron.mesos.master.uri", cluster.zooKeeper().connectString()));
    assertThat(findings.get(0).verdict()).isEqualTo(Finding.Verdict.FAILED);
  }

  @Test
  void aMasterThatWantsCredentialsIsSaid() throws Exception {
    cluster.close();
    Path credentials = directory.resolve("credentials.json");
    Files.writeString(
        credentials, "{\"credentials\":[{\"principal\":\"heron\",\"secret\":\"s3cret\"}]}");
    cluster =
        MiniCluster.builder()
            .directory(directory.resolve("guarded"))
            .allocationInterval(Duration.ofMillis(200))
            .master(options -> options.withCredentials(credentials))
            .agent(agent -> agent.resources(AGENT))
            .start();
    Finding refused = named("framework", check(Map.of()));
    assertThat(refused.verdict()).isEqualTo(Finding.Verdict.FAILED);
    assertThat(refused.message()).contains("wants credentials");
    assertThat(refused.remedy().orElseThrow()).contains("heron.mesos.secret.file");

    Path secret = Files.writeString(directory.resolve("secret"), "s3cret\n");
    Finding taken =
        named(
            "framework",
            check(
                Map.of(
                    "heron.mesos.principal",
                    "heron",
                    "heron.mesos.secret.file",
                    secret.toString())));
    assertThat(taken.verdict()).as(taken.toString()).isEqualTo(Finding.Verdict.OK);
  }

  @Test
  void agentsWithoutPortsForUsOrNoneAtAllAreSaid() throws Exception {
    restart(
        "cpus:2;mem:2048;disk:4096;ports:[31000-31001]",
        "cpus(rare):1;mem(rare):1024;disk(rare):4096;ports(rare):[31100-31199]");
    Finding ports = named("ports", check(Map.of()));
    assertThat(ports.verdict()).isEqualTo(Finding.Verdict.FAILED);
    assertThat(ports.message()).startsWith("0 of 2 agents have the ");
    assertThat(ports.remedy().orElseThrow()).contains("--resources='ports:");

    List<Finding> withRole = check(Map.of("heron.mesos.role", "*,rare"));
    assertThat(named("agents", withRole).message()).contains("3.0 cpus");
    assertThat(named("ports", withRole).verdict()).isEqualTo(Finding.Verdict.WARNING);

    restart();
    List<Finding> findings = check(Map.of(), NOTHING_COMES);
    assertThat(named("agents", findings).message()).isEqualTo("no agent is registered");
    assertThat(named("framework", findings).verdict()).isEqualTo(Finding.Verdict.WARNING);
  }

  @Test
  void theCorePackageIsFetchedByAnAgent() throws Exception {
    Path core = Packages.core(directory, Packages.EXECUTOR);
    Finding found = fetch(core.toUri().toString());
    assertThat(found.verdict()).as(found.toString()).isEqualTo(Finding.Verdict.OK);
    assertThat(found.message()).startsWith("localhost has fetched ");
  }

  @Test
  void aCorePackageThatIsNotThereIsSaid() throws Exception {
    Finding found = fetch(directory.resolve("nothing.tar.gz").toUri().toString());
    assertThat(found.verdict()).isEqualTo(Finding.Verdict.FAILED);
    assertThat(found.message()).startsWith("localhost: TASK_FAILED");
    assertThat(found.remedy().orElseThrow())
        .startsWith("have heron.package.core.uri name what every agent can read");
  }

  @Test
  void aCorePackageThatComesTooSlowlyForAgentsIsSaid() throws Exception {
    cluster.close();
    cluster =
        MiniCluster.builder()
            .directory(directory.resolve("hasty"))
            .allocationInterval(Duration.ofMillis(200))
            .agent(
                agent ->
                    agent
                        .hostname("localhost")
                        .resources(AGENT)
                        .executorRegistrationTimeout(Duration.ofSeconds(2)))
            .start();
    // Connections are taken and never answered.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String uri = "http://127.0.0.1:" + silent.getLocalPort() + "/heron-core.tar.gz";
      Finding found = fetch(uri);
      assertThat(found.verdict()).isEqualTo(Finding.Verdict.FAILED);
      assertThat(found.message())
          .startsWith("localhost: TASK_FAILED (REASON_EXECUTOR_REGISTRATION_TIMEOUT)")
          .contains("Executor did not register within 2secs")
          .endsWith("it had not fetched " + uri + " by then");
      assertThat(found.remedy().orElseThrow()).contains("--executor_registration_timeout");
    }
  }

  @Test
  void anArchiveThatIsNoCorePackageIsSaid() throws Exception {
    Path other = Packages.archive(directory.resolve("other.tar.gz"), Map.of("readme", "hello"));
    Finding found = fetch(other.toUri().toString());
    assertThat(found.message()).as(found.toString()).contains("no heron-core/bin/heron-executor");
  }

  @Test
  void noRoomForATrialIsSaid() throws Exception {
    restart("cpus:0.05;mem:10;disk:4096;ports:[31000-31099]");
    Finding found = fetch("file:///nothing.tar.gz", NOTHING_COMES);
    assertThat(found.message()).startsWith("none of ").contains(" holds 0.1 cpus");
  }

  @Test
  void whatHasNoFrameworkIsGoneUnlessASchedulerStandsForElection() throws Exception {
    Config config = config(Map.of());
    try (CuratorFramework client = client();
        MesosBackEnd backEnd = backEnd(config)) {
      assertThat(backEnd.life("words").state()).isEqualTo(Life.State.GONE);

      String election = "/heron/locks/words__leader1f";
      client.create().creatingParentsIfNeeded().forPath(election);
      assertThat(backEnd.life("words").state()).isEqualTo(Life.State.GONE);
      assertThat(backEnd.recorded()).isEmpty();

      client.create().withMode(CreateMode.EPHEMERAL).forPath(election + "/latch-0");
      Life life = backEnd.life("words");
      assertThat(life.state()).isEqualTo(Life.State.RUNNING);
      assertThat(life.reason()).contains("stands for election");
      client.delete().forPath(election + "/latch-0");
    }
  }

  @Test
  void recordsThatCannotBeReadAreNotTakenForNone() throws Exception {
    Config config = config(Map.of());
    try (CuratorFramework client = client();
        MesosBackEnd backEnd = backEnd(config)) {
      client
          .create()
          .creatingParentsIfNeeded()
          .forPath("/heron/frameworks/words", "rubbish".getBytes(StandardCharsets.UTF_8));
      assertThat(backEnd.life("words").state()).isEqualTo(Life.State.UNKNOWN);
    }
  }

  @Test
  void aFrameworkOnRecordIsAskedForAndItsRecordsGoWhenItIsGone() throws Exception {
    Config config = config(Map.of());
    FrameworkRecord record =
        new FrameworkRecord(
            "words",
            "words-id",
            Optional.of("0f0f-0000"),
            Optional.empty(),
            Goal.RUN,
            java.time.Instant.EPOCH,
            0,
            History.NONE);
    try (CuratorFramework client = client();
        MesosBackEnd backEnd = backEnd(config)) {
      client
          .create()
          .creatingParentsIfNeeded()
          .forPath("/heron/frameworks/words", record.toProto().toByteArray());
      client.create().forPath("/heron/frameworks/words/launch");
      assertThat(backEnd.recorded()).containsExactly("words");
      Life life = backEnd.life("words");
      assertThat(life).isEqualTo(Life.gone("the master knows no framework 0f0f-0000"));

      backEnd.forget("words");
      assertThat(client.checkExists().forPath("/heron/frameworks/words")).isNull();
    }
  }

  private CuratorFramework client() {
    CuratorFramework client =
        CuratorFrameworkFactory.newClient(
            cluster.zooKeeper().connectString(), new RetryOneTime(100));
    client.start();
    return client;
  }

  private static Finding named(String check, List<Finding> findings) {
    return findings.stream().filter(f -> f.check().equals(check)).findFirst().orElseThrow();
  }

  /** The environment of the tests names no library. */
  @Test
  void withLibmesosAskedForNothingElseRegisters() throws Exception {
    assertThat(check(Map.of("heron.mesos.driver", "native")))
        .filteredOn(finding -> finding.check().equals("framework"))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.verdict()).isEqualTo(Finding.Verdict.FAILED);
              assertThat(finding.message()).contains("MESOS_NATIVE_JAVA_LIBRARY");
              assertThat(finding.remedy())
                  .hasValueSatisfying(r -> assertThat(r).contains("libmesos"));
            });
  }
}
