package org.apache.heron.framework.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.heron.framework.driver.ScriptedMaster.Exchange;
import org.apache.heron.minicluster.ports.FreePort;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the driver finds a master, subscribes, and copes when that fails. */
class HttpMesosTest {
  @TempDir Path directory;
  private final TestScheduler scheduler = TestScheduler.subscribing();
  private ScriptedMaster master;
  private HttpMesos mesos;

  static Event subscribed(double heartbeatSeconds) {
    return Event.newBuilder()
        .setType(Event.Type.SUBSCRIBED)
        .setSubscribed(
            Event.Subscribed.newBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue("framework-1"))
                .setHeartbeatIntervalSeconds(heartbeatSeconds))
        .build();
  }

  static Event heartbeat() {
    return Event.newBuilder().setType(Event.Type.HEARTBEAT).build();
  }

  static void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(ScriptedMaster.WAIT_SECONDS))
        .pollInterval(Duration.ofMillis(5))
        .until(condition);
  }

  static DriverOptions options(String uri) {
    return DriverOptions.of(MasterUri.parse(uri, false))
        .withLimits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofMillis(20),
            Duration.ofMillis(100));
  }

  @BeforeEach
  void startMaster() throws IOException {
    master = ScriptedMaster.start();
  }

  @AfterEach
  void stop() throws IOException {
    if (mesos != null) {
      mesos.close();
    }
    master.close();
    await(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.isAlive() && thread.getName().startsWith("mesos-")));
  }

  private HttpMesos start(DriverOptions options) {
    mesos = HttpMesos.start(scheduler, options, new MetricRegistry());
    return mesos;
  }

  private HttpMesos start() {
    return start(options(master.address()));
  }

  /** The next request, answered as a subscription that begins. */
  private Exchange subscribe(ScriptedMaster to, double heartbeatSeconds) throws Exception {
    Exchange exchange = to.next();
    exchange.stream("stream-of-" + to.port());
    exchange.emit(subscribed(heartbeatSeconds));
    assertThat(scheduler.nextEvent().getType()).isEqualTo(Event.Type.SUBSCRIBED);
    return exchange;
  }

  private void awaitProblem(String... parts) {
    await(() -> java.util.Arrays.stream(parts).allMatch(mesos.status().problem()::contains));
  }

  /** Bound, so that nobody else listens there until it is closed. */
  private static Socket closedPort(int port) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  @Test
  void whileNoMasterListensItSaysSoAndFindsTheOneThatComes() throws Exception {
    int port;
    try (Socket closed = FreePort.listen(0, HttpMesosTest::closedPort)) {
      port = closed.getLocalPort();
      start(options("127.0.0.1:" + port));
      awaitProblem(
          "no Mesos master answers at 127.0.0.1:" + port,
          "(heron.mesos.master.uri)",
          "connection refused; retrying in ");
      assertThat(mesos.status().trouble().orElseThrow()).isInstanceOf(Trouble.Unreachable.class);
      assertThat(mesos.status().master()).isEmpty();
      master.close();
    }
    master = ScriptedMaster.start(port);
    subscribe(master, 15);
    assertThat(mesos.status())
        .isEqualTo(
            new DriverStatus(
                java.util.Optional.of("127.0.0.1:" + port), java.util.Optional.empty()));
  }

  @Test
  void anUnknownHostIsNamed() {
    start(options("no-such-host.invalid:5050"));
    awaitProblem("no-such-host.invalid:5050", "the host 'no-such-host.invalid' is unknown");
  }

  @Test
  void aMasterThatDoesNotLeadPointsToTheOneThatDoes() throws Exception {
    try (ScriptedMaster leader = ScriptedMaster.start()) {
      start();
      master.next().redirect("//" + leader.address() + "/master/api/v1/scheduler");
      subscribe(leader, 15);
      assertThat(mesos.status().master()).contains(leader.address());
    }
  }

  @Test
  void aRedirectToALeaderThatDiedIsFollowedByAnotherTry() throws Exception {
    try (Socket dead = closedPort(0)) {
      start();
      master.next().redirect("//127.0.0.1:" + dead.getLocalPort() + "/master/api/v1/scheduler");
      subscribe(master, 15);
    }
  }

  @Test
  void aRedirectToNowhereIsNamed() throws Exception {
    start();
    master.next().redirect("/somewhere");
    awaitProblem("does not lead and redirects to '/somewhere'", "names no master");
  }

  /** Finds another leader just after it has named one. */
  private static final class LeaderFalls implements MasterDetector {
    private final List<Endpoint> leaders;
    private final Runnable changed;
    private final AtomicInteger asked = new AtomicInteger();

    LeaderFalls(Runnable changed, String... leaders) {
      this.changed = changed;
      this.leaders = Stream.of(leaders).map(each -> Endpoint.parse(each, false)).toList();
    }

    @Override
    public List<Endpoint> candidates() {
      boolean first = asked.getAndIncrement() == 0;
      if (first) {
        changed.run();
      }
      return List.of(leaders.get(first ? 0 : 1));
    }

    @Override
    public boolean knowsLeader() {
      return true;
    }

    @Override
    public String problem() {
      return "";
    }

    @Override
    public void close() {}
  }

  @Test
  void aLeaderThatFallsBeforeItWasAskedIsNotWaitedFor() throws Exception {
    try (ScriptedMaster leader = ScriptedMaster.start()) {
      mesos =
          HttpMesos.start(
              scheduler,
              options(master.address()),
              new MetricRegistry(),
              changed -> new LeaderFalls(changed, master.address(), leader.address()));
      subscribe(leader, 15);
      assertThat(master.hasNext()).isFalse();
    }
  }

  @Test
  void mastersThatRedirectInACircleAreLeftAloneForAWhile() throws Exception {
    start();
    for (int each = 0; each < 6; each++) {
      master.next().redirect("//" + master.address() + "/api/v1/scheduler");
    }
    awaitProblem("masters redirect to each other");
    subscribe(master, 15);
  }

  @Test
  void theNextOfSeveralMastersIsTried() throws Exception {
    try (Socket dead = closedPort(0)) {
      start(options("127.0.0.1:" + dead.getLocalPort() + ",http://" + master.address()));
      subscribe(master, 15);
    }
  }

  @Test
  void aMasterThatIsNotReadyIsTriedAgain() throws Exception {
    start();
    master.next().answer("503 Service Unavailable", Map.of(), "");
    awaitProblem("does not serve subscriptions: 503; retrying in ");
    subscribe(master, 15);
    assertThat(mesos.status().problem()).isEmpty();
  }

  @Test
  void aServerThatHangsIsGivenUp() throws Exception {
    start(
        options(master.address())
            .withLimits(
                Duration.ofSeconds(20),
                Duration.ofMillis(300),
                Duration.ofMillis(20),
                Duration.ofMillis(100)));
    master.next();
    awaitProblem(master.address(), "no answer within 300 ms");
  }

  @Test
  void aHalfOpenSubscriptionIsNoticedByTheMissingHeartbeats() throws Exception {
    start();
    subscribe(master, 0.1);
    assertThat(scheduler.nextTold()).isEqualTo("connected");
    assertThat(scheduler.nextTold()).isEqualTo("disconnected");
    awaitProblem("has been silent for 300 ms, 3 heartbeats");
    subscribe(master, 15);
  }

  @Test
  void heartbeatsKeepAQuietSubscriptionBeyondTheLimitOfCalls() throws Exception {
    start(
        options(master.address())
            .withLimits(
                Duration.ofSeconds(20),
                Duration.ofSeconds(4),
                Duration.ofMillis(20),
                Duration.ofMillis(100)));
    Exchange stream = subscribe(master, 20);
    long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    await(
        () -> {
          stream.emit(heartbeat());
          scheduler.nextEvent();
          return System.nanoTime() > end;
        });
    assertThat(scheduler.nextTold()).isEqualTo("connected");
    assertThat(mesos.status().master()).contains(master.address());
    assertThat(master.hasNext()).isFalse();
  }

  @Test
  void wrongCredentialsAreNamedAndCorrectedOnesAreRead() throws Exception {
    Path secret = directory.resolve("secret");
    Files.writeString(secret, "wrong\n");
    start(options(master.address()).withCredential(new Credential("heron", secret)));
    Exchange first = master.next();
    assertThat(first.headers).containsEntry("authorization", basic("heron:wrong"));
    first.answer("401 Unauthorized", Map.of(), "401 Unauthorized.");
    awaitProblem("principal 'heron'", secret.toString(), "401");
    assertThat(mesos.status().problem()).doesNotContain("wrong");
    Files.writeString(secret, "right");
    await(
        () -> {
          Exchange next = master.next();
          if (next.headers.get("authorization").equals(basic("heron:right"))) {
            next.stream("stream-1");
            next.emit(subscribed(15));
            return true;
          }
          next.answer("401 Unauthorized", Map.of(), "401 Unauthorized.");
          return false;
        });
    scheduler.nextEvent();
  }

  @Test
  void anUnreadableSecretIsNamed() {
    Path secret = directory.resolve("nothing-here");
    start(options(master.address()).withCredential(new Credential("heron", secret)));
    awaitProblem("principal 'heron' cannot be read from " + secret + ": no such file");
  }

  @Test
  void aRemovedFrameworkIsNotTriedAgainUnlessTheSchedulerWants() throws Exception {
    start();
    Exchange exchange = master.next();
    exchange.stream("stream-1");
    exchange.emit(
        Event.newBuilder()
            .setType(Event.Type.ERROR)
            .setError(Event.Error.newBuilder().setMessage("Framework has been removed"))
            .build());
    exchange.endStream();
    assertThat(scheduler.nextEvent().getError().getMessage())
        .isEqualTo("Framework has been removed");
    assertThat(scheduler.nextTold()).isEqualTo("connected");
    assertThat(scheduler.nextTold()).isEqualTo("disconnected");
    awaitProblem("has ended this framework: Framework has been removed");
    assertThat(mesos.status().trouble().orElseThrow()).isInstanceOf(Trouble.Refused.class);
    // Ten times the longest back-off of this test.
    Awaitility.await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(ScriptedMaster.WAIT_SECONDS))
        .until(() -> !master.hasNext());
    mesos.reconnect();
    subscribe(master, 15);
  }

  @Test
  void aServerThatIsNoMasterIsNamed() throws Exception {
    start();
    master.next().answer("200 OK", Map.of("Content-Type", "text/html"), "<html>");
    awaitProblem(master.address(), "does not answer as a Mesos master does (text/html");
  }

  @Test
  void whatIsNoRecordEndsTheSubscription() throws Exception {
    start();
    subscribe(master, 15).chunk("hello\n".getBytes(UTF_8));
    awaitProblem("sent what is no RecordIO: byte 104");
    subscribe(master, 15).chunk("99999999999\n".getBytes(UTF_8));
    awaitProblem("a record's length begins with '99999999999'");
    subscribe(master, 15).chunk("999999999\n".getBytes(UTF_8));
    awaitProblem("a record of 999999999 bytes is announced; at most 67108864 are taken");
    subscribe(master, 15).emitRecord(new byte[] {1, 2, 3});
    awaitProblem("sent a record of 3 bytes that is no event");
    Exchange cut = subscribe(master, 15);
    cut.chunk("5\nab".getBytes(UTF_8));
    cut.endStream();
    awaitProblem("the stream ended 3 bytes before the end of a record");
    subscribe(master, 15).cut();
    assertThat(subscribe(master, 15)).isNotNull();
  }

  @Test
  void closingInTheMiddleOfASubscriptionTellsTheSchedulerNothingMore() throws Exception {
    start();
    subscribe(master, 15);
    assertThat(scheduler.nextTold()).isEqualTo("connected");
    mesos.close();
    mesos.close();
    assertThat(scheduler.hasEvents()).isFalse();
  }

  @Test
  void closingWhileTheMasterHangsIsQuick() throws Exception {
    start();
    master.next();
    long start = System.nanoTime();
    mesos.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }

  private static String basic(String pair) {
    return "Basic " + java.util.Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }
}
