package org.apache.heron.framework.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.heron.framework.driver.ScriptedMaster.Exchange;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver follows the leader that a real ZooKeeper names. */
class ZooKeeperMastersTest {
  @TempDir Path directory;
  private final TestScheduler scheduler = TestScheduler.subscribing();
  private EmbeddedZooKeeper zookeeper;
  private CuratorFramework client;
  private ScriptedMaster first;
  private ScriptedMaster second;
  private HttpMesos mesos;

  @BeforeEach
  void start() throws IOException {
    zookeeper = EmbeddedZooKeeper.start(directory, 0);
    client = CuratorFrameworkFactory.newClient(zookeeper.connectString(), new RetryOneTime(100));
    client.start();
    first = ScriptedMaster.start();
    second = ScriptedMaster.start();
    mesos =
        HttpMesos.start(
            scheduler,
            HttpMesosTest.options("zk://" + zookeeper.connectString() + "/mesos"),
            new MetricRegistry());
  }

  @AfterEach
  void stop() throws IOException {
    mesos.close();
    client.close();
    zookeeper.close();
    first.close();
    second.close();
  }

  private String contend(String data) throws Exception {
    return client
        .create()
        .creatingParentsIfNeeded()
        .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
        .forPath("/mesos/json.info_", data.getBytes(UTF_8));
  }

  private String contend(ScriptedMaster master) throws Exception {
    return contend(
        "{\"address\":{\"hostname\":\"localhost\",\"ip\":\"127.0.0.1\",\"port\":"
            + master.port()
            + "},\"pid\":\"master@"
            + master.address()
            + "\"}");
  }

  private Exchange subscribe(ScriptedMaster master) throws Exception {
    Exchange exchange = master.next();
    exchange.stream("stream-1");
    exchange.emit(HttpMesosTest.subscribed(15));
    assertThat(scheduler.nextEvent().getType()).isEqualTo(Event.Type.SUBSCRIBED);
    assertThat(scheduler.nextTold()).isEqualTo("connected");
    return exchange;
  }

  @Test
  void theDriverWaitsForALeaderAndLeavesItForTheNext() throws Exception {
    HttpMesosTest.await(
        () -> mesos.status().problem().contains("/mesos does not exist in ZooKeeper"));
    String leader = contend(first);
    contend(second);
    subscribe(first);
    assertThat(mesos.status().master()).contains(first.address());
    client.delete().forPath(leader);
    assertThat(scheduler.nextTold()).isEqualTo("disconnected");
    subscribe(second);
    assertThat(mesos.status().master()).contains(second.address());
  }

  @Test
  void aLeaderThatDiedIsNamedUntilItsNodeExpiresAndTheNextIsFollowed() throws Exception {
    String dead = contend(first);
    contend(second);
    Exchange stream = subscribe(first);
    // Its process is gone, but ZooKeeper keeps its node until the session times out.
    first.close();
    stream.cut();
    assertThat(scheduler.nextTold()).isEqualTo("disconnected");
    HttpMesosTest.await(
        () ->
            mesos.status().problem().contains("no Mesos master answers at " + first.address())
                && mesos.status().problem().contains("zk://" + zookeeper.connectString()));
    client.delete().forPath(dead);
    subscribe(second);
    assertThat(mesos.status().problem()).isEmpty();
  }

  @Test
  void anErrorDoesNotEndTheWatching() throws Exception {
    AtomicInteger told = new AtomicInteger();
    MasterUri.ZooKeeper uri =
        (MasterUri.ZooKeeper)
            MasterUri.parse("zk://" + zookeeper.connectString() + "/mesos", false);
    contend(first);
    try (ZooKeeperMasters masters =
        new ZooKeeperMasters(
            uri,
            false,
            Duration.ofSeconds(20),
            () -> {
              if (told.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("of a newer version");
              }
            })) {
      HttpMesosTest.await(() -> told.get() >= 2 && masters.problem().isEmpty());
      assertThat(masters.candidates()).hasSize(1);
    }
  }

  @Test
  void withoutLeaderItSaysSo() throws Exception {
    client.create().forPath("/mesos");
    HttpMesosTest.await(() -> mesos.status().problem().contains("holds no json.info_ node"));
    assertThat(mesos.status().problem())
        .contains("zk://" + zookeeper.connectString() + "/mesos")
        .contains("heron.mesos.master.uri");
  }

  @Test
  void aNodeThatCannotBeReadIsNamed() throws Exception {
    String node = contend("not json");
    HttpMesosTest.await(() -> mesos.status().problem().contains("cannot be understood"));
    assertThat(mesos.status().problem()).contains(node);
    client.delete().forPath(node);
    contend(first);
    subscribe(first);
  }

  @Test
  void aSubscriptionOutlivesZooKeeper() throws Exception {
    contend(first);
    Exchange stream = subscribe(first);
    zookeeper.stop();
    stream.emit(HttpMesosTest.heartbeat());
    assertThat(scheduler.nextEvent()).isEqualTo(HttpMesosTest.heartbeat());
    zookeeper.restart();
    stream.emit(HttpMesosTest.heartbeat());
    assertThat(scheduler.nextEvent()).isEqualTo(HttpMesosTest.heartbeat());
    assertThat(mesos.status().master()).contains(first.address());
  }

  @Test
  void withoutZooKeeperItSaysSo() throws Exception {
    String uri = "zk://" + zookeeper.connectString() + "/mesos";
    zookeeper.stop();
    DriverOptions impatient =
        HttpMesosTest.options(uri)
            .withLimits(
                Duration.ofMillis(200),
                Duration.ofSeconds(60),
                Duration.ofMillis(20),
                Duration.ofMillis(100));
    try (HttpMesos other = HttpMesos.start(scheduler, impatient, new MetricRegistry())) {
      HttpMesosTest.await(
          () -> other.status().problem().contains("ZooKeeper " + uri + " does not answer"));
    }
  }
}
