package org.apache.heron.framework.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.SessionConnectionStateErrorPolicy;
import org.apache.curator.retry.RetryOneTime;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.heron.spi.process.LivingProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Who leads, in a real ZooKeeper. */
class ElectionTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String PATH = "/heron/locks/words__leader0";

  @TempDir private Path directory;
  private EmbeddedZooKeeper zookeeper;
  private final List<AutoCloseable> opened = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    zookeeper = EmbeddedZooKeeper.start(directory, 0);
  }

  @AfterEach
  void stop() throws Exception {
    for (int last = opened.size() - 1; last >= 0; last--) {
      opened.get(last).close();
    }
    zookeeper.close();
  }

  private <T extends AutoCloseable> T closing(T resource) {
    opened.add(resource);
    return resource;
  }

  private CuratorFramework client() {
    CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString(zookeeper.connectString())
            .retryPolicy(new RetryOneTime(50))
            .connectionTimeoutMs(5_000)
            .sessionTimeoutMs(20_000)
            .connectionStateErrorPolicy(new SessionConnectionStateErrorPolicy())
            .dontUseContainerParents()
            .build();
    client.start();
    return closing(client);
  }

  /** One who stands for election, and what it was told. */
  private final class Voter implements Election.Listener {
    final List<String> told = new CopyOnWriteArrayList<>();
    final CuratorFramework client = client();
    final Candidate self;
    final Election election;

    Voter(String name, String endpoint) {
      self = Candidate.self(endpoint, name, 1);
      election = closing(Election.enter(client, PATH, self, this));
    }

    @Override
    public void elected() {
      told.add("elected");
    }

    @Override
    public void suspended(String why) {
      told.add("suspended");
    }

    @Override
    public void resumed() {
      told.add("resumed");
    }

    @Override
    public void lost(String why) {
      told.add("lost");
    }

    @Override
    public void broken(Throwable failure) {
      told.add("broken: " + failure);
    }

    Voter told(String... expected) {
      await().atMost(LIMIT).untilAsserted(() -> assertThat(told).containsExactly(expected));
      return this;
    }
  }

  @Test
  void theNextLeadsWhenTheFirstLeavesAndNobodyLeavesATrace() throws Exception {
    Voter first = new Voter("first", "").told("elected");
    Voter second = new Voter("second", "");
    await().atMost(LIMIT).until(() -> first.election.queue().size() == 2);
    assertThat(second.election.rival().flatMap(Election.Place::candidate)).contains(first.self);
    assertThat(second.election.isOvertaken()).isTrue();
    assertThat(first.election.isOvertaken()).isFalse();
    first.election.close();
    second.told("elected");
    second.election.close();
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(second.client.checkExists().forPath(PATH)).isNull());
    assertThat(first.told).containsExactly("elected");
  }

  @Test
  void anInterruptedConnectionIsNoLostLeadership() throws Exception {
    Voter first = new Voter("first", "").told("elected");
    new Voter("second", "");
    await().atMost(LIMIT).until(() -> first.election.queue().size() == 2);
    zookeeper.stop();
    first.told("elected", "suspended");
    zookeeper.restart();
    first.told("elected", "suspended", "resumed");
  }

  @Test
  void aLostSessionIsALostLeadershipAndTheNextLeads() throws Exception {
    Voter first = new Voter("first", "").told("elected");
    Voter second = new Voter("second", "");
    await().atMost(LIMIT).until(() -> first.election.queue().size() == 2);
    zookeeper.endSession(first.client.getZookeeperClient().getZooKeeper().getSessionId());
    second.told("elected");
    await().atMost(LIMIT).until(() -> first.told.contains("lost"));
  }

  /** Answers as a scheduler of a topology does. */
  private static final class Listening implements AutoCloseable {
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    Listening() throws IOException {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(this::run, "listening");
      thread.setDaemon(true);
      thread.start();
    }

    String endpoint() {
      return "127.0.0.1:" + server.getLocalPort();
    }

    private void run() {
      while (!server.isClosed()) {
        try {
          Socket socket = server.accept();
          sockets.add(socket);
          Thread thread = new Thread(() -> answer(socket), "answering");
          thread.setDaemon(true);
          thread.start();
        } catch (IOException e) {
          return;
        }
      }
    }

    private static void answer(Socket socket) {
      try (socket) {
        byte[] request = new byte[1_024];
        if (socket.getInputStream().read(request) > 0) {
          socket
              .getOutputStream()
              .write(
                  "HTTP/1.1 200 OK\r\n\r\n{\"topology\":\"words\",\"topologyId\":\"words-id\"}"
                      .getBytes(StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        return;
      }
    }

    void hangUp() throws IOException {
      for (Socket socket : sockets) {
        socket.close();
      }
    }

    /** As the kernel does for a process that was killed. */
    @Override
    public void close() throws IOException {
      server.close();
      hangUp();
    }
  }

  @Test
  void aLeaderWhoseProcessIsKilledIsFollowedBeforeItsSessionEnds() throws Exception {
    Listening process = closing(new Listening());
    Voter first = new Voter("first", process.endpoint()).told("elected");
    Voter second = new Voter("second", "");
    List<Candidate> seen = new CopyOnWriteArrayList<>();
    closing(Vigil.begin(second.election, second.self, "words-id", false, seen::add));
    await().atMost(LIMIT).until(() -> seen.contains(first.self));
    process.close();
    second.told("elected");
  }

  @Test
  void aLeaderThatIsFoundAgainAndAgainIsToldOfOnce() throws Exception {
    Listening process = closing(new Listening());
    Voter first = new Voter("first", process.endpoint()).told("elected");
    Voter second = new Voter("second", "");
    List<Candidate> seen = new CopyOnWriteArrayList<>();
    closing(Vigil.begin(second.election, second.self, "words-id", false, seen::add));
    // It asks, and then holds a connection.
    await().atMost(LIMIT).until(() -> process.sockets.size() >= 2);
    process.hangUp();
    await().atMost(LIMIT).until(() -> process.sockets.size() >= 4);
    assertThat(seen).containsExactly(first.self);
  }

  @Test
  void whoIsAskedToLeadNowFollowsAnAddressThatRefusesAndOneThatWaitsDoesNot() throws Exception {
    // Bound, so that nobody else listens there.
    Socket gone = closing(new Socket());
    gone.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    new Voter("first", "127.0.0.1:" + gone.getLocalPort()).told("elected");
    Voter waiting = new Voter("second", "");
    closing(Vigil.begin(waiting.election, waiting.self, "words-id", false, seen -> {}));
    // Whoever asks must come after it.
    await().atMost(LIMIT).until(() -> waiting.election.queue().size() == 2);
    Voter asked = new Voter("third", "");
    assertThat(waiting.told).isEmpty();
    closing(Vigil.begin(asked.election, asked.self, "words-id", true, seen -> {}));
    waiting.told("elected");
  }

  /** Lets a minute pass at once, and then no more; counts the looks. */
  private static final class FastMinute implements Vigil.Pause {
    private final List<Long> waits = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    @Override
    public void sleep(long millis) throws InterruptedException {
      waits.add(millis);
      if (waits.stream().mapToLong(Long::longValue).sum() >= 60_000) {
        over.countDown();
        new CountDownLatch(1).await();
      }
    }
  }

  @Test
  void whoLeadsAsksZooKeeperForTheQueueFewTimesAMinute() throws Exception {
    Voter first = new Voter("first", "").told("elected");
    FastMinute minute = new FastMinute();
    closing(Vigil.begin(first.election, first.self, "words-id", false, seen -> {}, minute));
    assertThat(minute.over.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(minute.waits).hasSizeLessThanOrEqualTo(10);
  }

  // After a look that an Error has cut off, the next is made all the same.
  @Test
  void anErrorDoesNotEndTheWatchingOfTheLeader() throws Exception {
    Listening process = closing(new Listening());
    Voter first = new Voter("first", process.endpoint()).told("elected");
    Voter second = new Voter("second", "");
    AtomicInteger times = new AtomicInteger();
    closing(
        Vigil.begin(
            second.election,
            second.self,
            "words-id",
            false,
            found -> {
              if (times.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("of a newer version");
              }
            }));
    await().atMost(LIMIT).until(() -> times.get() == 1);
    process.close();
    second.told("elected");
    assertThat(first.told).containsExactly("elected");
  }

  // Curator would only log it, and this candidate lead with nobody there.
  @Test
  void whoFailsWhenItIsToldThatItLeadsHearsOfThat() {
    CuratorFramework client = client();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    closing(
        Election.enter(
            client,
            PATH,
            Candidate.self("", "failing", 1),
            new Election.Listener() {
              @Override
              public void elected() {
                throw new NoClassDefFoundError("of a newer version");
              }

              @Override
              public void suspended(String why) {}

              @Override
              public void resumed() {}

              @Override
              public void lost(String why) {}

              @Override
              public void broken(Throwable failure) {
                failures.add(failure);
              }
            }));
    await().atMost(LIMIT).until(() -> !failures.isEmpty());
    assertThat(failures).singleElement().isInstanceOf(NoClassDefFoundError.class);
  }

  @Test
  void aProcessOfThisHostThatIsGoneIsSeenToBeDead() {
    Candidate self = Candidate.self("", "self", 1);
    assertThat(self.seesDead(self)).isFalse();
    assertThat(self.seesDead(candidate(self, self.host(), self.place()))).isTrue();
    assertThat(self.seesDead(candidate(self, self.host(), ""))).isTrue();
    assertThat(self.seesDead(candidate(self, "elsewhere", self.place()))).isFalse();
  }

  /** Two hosts of one name, or two containers of one host, have process ids of their own. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void whoRunsElsewhereUnderTheNameOfThisHostIsNotSeenToBeDead() {
    Candidate self = Candidate.self("", "self", 1);
    assertThat(self.seesDead(candidate(self, self.host(), "another-boot/pid:[1]"))).isFalse();
  }

  /** Another process under the id of that one. */
  private static Candidate candidate(Candidate one, String host, String place) {
    return new Candidate("", host, one.process(), 1, "", place, "other", 1);
  }

  // Each process counts the time of day at which another was started from its own idea of the
  // clock.
  @Test
  @EnabledOnOs(OS.LINUX)
  void aLeaderOfThisHostIsNotSeenToBeDeadAfterAStepOfTheClock() throws Exception {
    Candidate self = Candidate.self("", "self", 1);
    Process process = new ProcessBuilder("sleep", "600").start();
    try {
      Properties leader = new Properties();
      leader.load(new StringReader(self.toText()));
      leader.setProperty("process", Long.toString(process.pid()));
      leader.setProperty("birth", LivingProcess.birth(process.toHandle()));
      leader.setProperty("started", "1");
      StringWriter text = new StringWriter();
      leader.store(text, null);
      Candidate other = Candidate.parse(text.toString()).orElseThrow();
      assertThat(self.seesDead(other)).isFalse();
      process.destroyForcibly().waitFor();
      assertThat(self.seesDead(other)).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aPlaceThatALostSessionOfThisCandidateHoldsIsLeft() throws Exception {
    new Voter("first", "").told("elected");
    Voter second = new Voter("second", "");
    Candidate later = Candidate.self("", "first", 2);
    assertThat(later.wasOnce(second.self)).isFalse();
    closing(Vigil.begin(second.election, later, "words-id", false, seen -> {}));
    second.told("elected");
  }

  @Test
  void aCandidateIsReadBackAndGarbageIsNone() {
    Candidate self = Candidate.self("host:1234", "unique", 3);
    assertThat(Candidate.parse(self.toText())).isEqualTo(Optional.of(self));
    assertThat(Candidate.parse("garbage")).isEmpty();
    assertThat(Candidate.parse("process=\\uZZZZ")).isEmpty();
  }
}
