package org.apache.heron.framework.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.framework.driver.ScriptedMaster.Exchange;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of calls within a subscription. */
class CallsTest {
  private final TestScheduler scheduler = TestScheduler.subscribing();
  private final MetricRegistry metrics = new MetricRegistry();
  private ScriptedMaster master;
  private HttpMesos mesos;

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
  }

  private Exchange subscribe(DriverOptions options) throws Exception {
    mesos = HttpMesos.start(scheduler, options, metrics);
    return subscribe();
  }

  private Exchange subscribe() throws Exception {
    Exchange exchange = master.next();
    assertThat(exchange.call().getType()).isEqualTo(Call.Type.SUBSCRIBE);
    exchange.stream("stream-1");
    exchange.emit(HttpMesosTest.subscribed(15));
    assertThat(scheduler.nextEvent().getType()).isEqualTo(Event.Type.SUBSCRIBED);
    assertThat(scheduler.nextTold()).isEqualTo("connected");
    return exchange;
  }

  private static Call kill(int task) {
    return Call.newBuilder()
        .setType(Call.Type.KILL)
        .setKill(Call.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue("task-" + task)))
        .build();
  }

  private static Call accept() {
    return Call.newBuilder()
        .setType(Call.Type.ACCEPT)
        .setAccept(Call.Accept.newBuilder().addOfferIds(OfferID.newBuilder().setValue("offer-1")))
        .build();
  }

  private static CallOutcome get(CompletableFuture<CallOutcome> outcome) throws Exception {
    return outcome.get(ScriptedMaster.WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void callsArriveOneByOneInTheirOrder() throws Exception {
    subscribe(HttpMesosTest.options(master.address()));
    List<CompletableFuture<CallOutcome>> outcomes = new ArrayList<>();
    for (int task = 0; task < 300; task++) {
      outcomes.add(mesos.call(kill(task)));
    }
    for (int task = 0; task < 300; task++) {
      Exchange exchange = master.next();
      assertThat(exchange.call()).isEqualTo(kill(task));
      assertThat(master.hasNext()).isFalse();
      exchange.accept();
    }
    for (CompletableFuture<CallOutcome> outcome : outcomes) {
      assertThat(get(outcome)).isEqualTo(new CallOutcome.Accepted());
    }
    assertThat(metrics.timer("mesos.calls.KILL").getCount()).isEqualTo(300);
  }

  @Test
  void withoutASubscriptionCallsAreDropped() throws Exception {
    mesos =
        HttpMesos.start(TestScheduler.silent(), HttpMesosTest.options(master.address()), metrics);
    assertThat(get(mesos.call(kill(1)))).isInstanceOf(CallOutcome.Dropped.class);
    assertThat(master.hasNext()).isFalse();
  }

  @Test
  void aSecondSubscribeIsDropped() throws Exception {
    subscribe(HttpMesosTest.options(master.address()));
    assertThat(get(mesos.call(TestScheduler.SUBSCRIBE))).isInstanceOf(CallOutcome.Dropped.class);
  }

  @Test
  void aCallThatChangesNothingTwiceIsSentAgainWhenTheConnectionBreaks() throws Exception {
    subscribe(HttpMesosTest.options(master.address()));
    CompletableFuture<CallOutcome> outcome = mesos.call(kill(1));
    master.next().cut();
    Exchange again = master.next();
    assertThat(again.call()).isEqualTo(kill(1));
    again.accept();
    assertThat(get(outcome)).isEqualTo(new CallOutcome.Accepted());
  }

  @Test
  void anAcceptOfUnknownFateIsNeverSentTwiceAndLeadsToANewSubscription() throws Exception {
    subscribe(HttpMesosTest.options(master.address()));
    CompletableFuture<CallOutcome> outcome = mesos.call(accept());
    CompletableFuture<CallOutcome> behind = mesos.call(kill(1));
    master.next().cut();
    assertThat(get(outcome)).isInstanceOf(CallOutcome.Unknown.class);
    assertThat(get(behind)).isInstanceOf(CallOutcome.Dropped.class);
    assertThat(scheduler.nextTold()).isEqualTo("disconnected");
    subscribe();
  }

  @Test
  void aCallThatIsNotAnsweredInTimeIsOfUnknownFate() throws Exception {
    subscribe(
        HttpMesosTest.options(master.address())
            .withLimits(
                Duration.ofSeconds(20),
                Duration.ofSeconds(4),
                Duration.ofMillis(20),
                Duration.ofMillis(100)));
    CompletableFuture<CallOutcome> outcome = mesos.call(kill(1));
    master.next();
    assertThat(get(outcome))
        .isInstanceOfSatisfying(
            CallOutcome.Unknown.class,
            unknown -> assertThat(unknown.reason()).contains("KILL: no answer within 4 s"));
    assertThat(scheduler.nextTold()).isEqualTo("disconnected");
  }

  @Test
  void closingGivesUpTheCallThatIsUnderWay() throws Exception {
    subscribe(HttpMesosTest.options(master.address()));
    CompletableFuture<CallOutcome> underWay = mesos.call(accept());
    CompletableFuture<CallOutcome> behind = mesos.call(kill(1));
    master.next();
    mesos.close();
    assertThat(get(underWay)).isInstanceOf(CallOutcome.Unknown.class);
    assertThat(get(behind)).isInstanceOf(CallOutcome.Dropped.class);
    assertThat(get(mesos.call(kill(2)))).isInstanceOf(CallOutcome.Dropped.class);
  }

  @Test
  void aMasterThatNoLongerLeadsIsLeft() throws Exception {
    subscribe(HttpMesosTest.options(master.address()));
    CompletableFuture<CallOutcome> outcome = mesos.call(kill(1));
    master.next().answer("503 Service Unavailable", Map.of(), "");
    assertThat(get(outcome)).isInstanceOf(CallOutcome.Dropped.class);
    assertThat(scheduler.nextTold()).isEqualTo("disconnected");
    subscribe();
  }

  @Test
  void aForeignStreamIdMeansThatTheSubscriptionIsGone() throws Exception {
    subscribe(HttpMesosTest.options(master.address()));
    CompletableFuture<CallOutcome> outcome = mesos.call(kill(1));
    String text =
        "The stream ID 'a' included in this request didn't match the stream ID currently"
            + " associated with framework ID b";
    master.next().answer("400 Bad Request", Map.of(), text);
    assertThat(get(outcome)).isEqualTo(new CallOutcome.Rejected(400, text));
    assertThat(scheduler.nextTold()).isEqualTo("disconnected");
  }

  /** Fails with an Error where a metric of that name is asked for. */
  private static MetricRegistry failingAt(String failing) {
    return new MetricRegistry() {
      @Override
      public Timer timer(String name) {
        return super.timer(checked(name));
      }

      @Override
      public Meter meter(String name) {
        return super.meter(checked(name));
      }

      private String checked(String name) {
        if (name.equals(failing)) {
          throw new NoClassDefFoundError("of a newer version");
        }
        return name;
      }
    };
  }

  private void failedWithAnError() {
    assertThat(mesos.ended())
        .failsWithin(Duration.ofSeconds(ScriptedMaster.WAIT_SECONDS))
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOf(NoClassDefFoundError.class);
    assertThat(mesos.status().problem()).contains("the Mesos driver failed", "newer version");
  }

  @Test
  void anErrorInTheThreadOfCallsEndsTheDriverAndNoCallWaitsForEver() throws Exception {
    mesos =
        HttpMesos.start(
            scheduler, HttpMesosTest.options(master.address()), failingAt("mesos.calls.KILL"));
    subscribe();
    CompletableFuture<CallOutcome> failing = mesos.call(kill(1));
    CompletableFuture<CallOutcome> behind = mesos.call(kill(2));
    assertThat(get(failing)).isInstanceOf(CallOutcome.Unknown.class);
    assertThat(get(behind)).isInstanceOf(CallOutcome.Dropped.class);
    failedWithAnError();
    assertThat(get(mesos.call(kill(3)))).isInstanceOf(CallOutcome.Dropped.class);
  }

  @Test
  void anErrorInTheDriversThreadIsTold() throws Exception {
    mesos =
        HttpMesos.start(
            scheduler,
            HttpMesosTest.options(master.address()),
            failingAt("mesos.events.HEARTBEAT"));
    subscribe().emit(HttpMesosTest.heartbeat());
    failedWithAnError();
    assertThat(get(mesos.call(kill(1)))).isInstanceOf(CallOutcome.Dropped.class);
  }

  @Test
  void anAnswerWithoutEndIsCutOff() throws Exception {
    subscribe(HttpMesosTest.options(master.address()));
    CompletableFuture<CallOutcome> outcome = mesos.call(kill(1));
    try {
      master.next().answer("400 Bad Request", Map.of(), "x".repeat(1_000_000));
    } catch (SocketException e) {
      // The driver had enough before all was sent.
    }
    assertThat(get(outcome))
        .isInstanceOfSatisfying(
            CallOutcome.Rejected.class,
            rejected -> assertThat(rejected.text()).hasSize(BoundedText.MOST_BYTES));
  }

  @Test
  void moreCallsThanMayWaitEndTheSubscription() throws Exception {
    subscribe(HttpMesosTest.options(master.address()).withSizes(1024, 10));
    List<CompletableFuture<CallOutcome>> outcomes = new ArrayList<>();
    for (int task = 0; task < 12; task++) {
      outcomes.add(mesos.call(kill(task)));
    }
    assertThat(get(outcomes.get(11))).isInstanceOf(CallOutcome.Dropped.class);
    assertThat(scheduler.nextTold()).isEqualTo("disconnected");
    assertThat(get(outcomes.get(10))).isInstanceOf(CallOutcome.Dropped.class);
  }

  @Test
  void aTeardownIsAnsweredAlthoughTheStreamEndsBefore() throws Exception {
    Exchange stream = subscribe(HttpMesosTest.options(master.address()));
    CompletableFuture<CallOutcome> outcome =
        mesos.call(Call.newBuilder().setType(Call.Type.TEARDOWN).build());
    Exchange teardown = master.next();
    stream.endStream();
    assertThat(scheduler.nextTold()).isEqualTo("disconnected");
    teardown.accept();
    assertThat(get(outcome)).isEqualTo(new CallOutcome.Accepted());
  }

  @Test
  void theEndOfAStreamThatATeardownHasEndedIsNoTrouble() throws Exception {
    Exchange stream = subscribe(HttpMesosTest.options(master.address()));
    CompletableFuture<CallOutcome> outcome =
        mesos.call(Call.newBuilder().setType(Call.Type.TEARDOWN).build());
    master.next().accept();
    assertThat(get(outcome)).isEqualTo(new CallOutcome.Accepted());
    stream.endStream();
    assertThat(scheduler.nextTold()).isEqualTo("disconnected");
    assertThat(scheduler.nextTold()).isEqualTo("connected");
    assertThat(mesos.status().trouble()).isEmpty();
  }

  @Test
  void aLargeEventInManyPiecesIsWhole() throws Exception {
    Exchange stream = subscribe(HttpMesosTest.options(master.address()));
    Event large =
        Event.newBuilder()
            .setType(Event.Type.ERROR)
            .setError(Event.Error.newBuilder().setMessage("x".repeat(3_000_000)))
            .build();
    byte[] record = large.toByteArray();
    stream.chunk((record.length + "").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    stream.chunk(new byte[] {'\n'});
    for (int from = 0; from < record.length; from += 99_991) {
      int to = Math.min(record.length, from + 99_991);
      stream.chunk(java.util.Arrays.copyOfRange(record, from, to));
    }
    assertThat(scheduler.nextEvent()).isEqualTo(large);
  }
}
