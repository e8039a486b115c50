package org.apache.heron.framework.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.framework.driver.Recording.Closed;
import org.apache.heron.framework.driver.Recording.Heard;
import org.apache.heron.framework.driver.Recording.Request;
import org.apache.heron.framework.driver.Recording.Response;
import org.apache.heron.framework.driver.Recording.Step;
import org.apache.heron.framework.driver.ScriptedMaster.Exchange;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The driver as the scheduler of conversations with a real master that were recorded: the same
 * calls must arrive, and what the master answered must come out as it did.
 */
class RecordingsTest {
  private static DriverOptions options(ScriptedMaster master) {
    return DriverOptions.of(MasterUri.parse(master.address(), false))
        .withLimits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofMillis(10),
            Duration.ofMillis(50));
  }

  @ParameterizedTest
  @CsvSource({
    "subscribe-and-finish, scheduler",
    "subscribe-and-finish, after-teardown",
    "protobuf-stream, protobuf",
    "protobuf-task, json",
    "protobuf-task, protobuf",
    "protobuf-task, json-again",
    "protobuf-task, protobuf-again",
    "protobuf-task, json-last",
    "failover, first",
    "failover, second",
    "failover, third",
    "failover-timeout, first",
    "failover-timeout, second",
    "failover-timeout, fresh",
    "authentication, right",
    "master-failover, before",
    "master-failover, after",
    "offers-lifecycle, scheduler",
    "unacknowledged, scheduler",
    "zookeeper-leader, leader"
  })
  void aRecordedConversationIsHeldAgain(String file, String who) throws Exception {
    TestScheduler scheduler = TestScheduler.silent();
    try (ScriptedMaster master = ScriptedMaster.start();
        HttpMesos mesos = HttpMesos.start(scheduler, options(master), new MetricRegistry())) {
      new Conversation(master, mesos, scheduler).hold(Recording.of(file, who));
    }
  }

  /** Plays the steps one after the other. */
  private static final class Conversation {
    private final ScriptedMaster master;
    private final HttpMesos mesos;
    private final TestScheduler scheduler;
    private final Deque<Exchange> open = new ArrayDeque<>();
    private final Deque<CompletableFuture<CallOutcome>> outcomes = new ArrayDeque<>();
    private Exchange stream;
    private String streamId;
    private int played;

    Conversation(ScriptedMaster master, HttpMesos mesos, TestScheduler scheduler) {
      this.master = master;
      this.mesos = mesos;
      this.scheduler = scheduler;
    }

    void hold(List<Step> steps) throws Exception {
      for (Step step : steps) {
        if (step instanceof Request request) {
          request(request);
        } else if (step instanceof Response response) {
          response(response);
        } else if (step instanceof Heard record) {
          stream.emit(record.event());
          assertThat(scheduler.nextEvent()).isEqualTo(record.event());
        } else if (step instanceof Closed && stream != null) {
          stream.endStream();
          assertThat(scheduler.nextTold()).isEqualTo("disconnected");
          // What a recorded client called after that, a driver does not.
          break;
        }
        played++;
      }
      assertThat(played).isGreaterThan(2);
    }

    private void request(Request request) throws Exception {
      Call call = request.call();
      if (call.getType() == Call.Type.SUBSCRIBE) {
        assertThat(scheduler.nextTold()).isEqualTo("connected");
      }
      outcomes.add(mesos.call(call));
      Exchange exchange = master.next();
      assertThat(exchange.requestLine).isEqualTo("POST /api/v1/scheduler HTTP/1.1");
      assertThat(exchange.call()).isEqualTo(call);
      assertThat(exchange.headers)
          .containsEntry("content-type", "application/x-protobuf")
          .containsEntry("accept", "application/x-protobuf")
          .doesNotContainKey("upgrade");
      if (call.getType() == Call.Type.SUBSCRIBE) {
        assertThat(exchange.headers).doesNotContainKey("mesos-stream-id");
      } else {
        assertThat(exchange.headers).containsEntry("mesos-stream-id", streamId);
      }
      open.add(exchange);
    }

    private void response(Response response) throws Exception {
      Exchange exchange = open.remove();
      if (response.stream()) {
        Map<String, String> headers = new LinkedHashMap<>(response.headers());
        headers.put("Content-Type", "application/x-protobuf");
        streamId = headers.get("Mesos-Stream-Id");
        stream = exchange;
        stream.stream(headers);
      } else {
        exchange.answer(response.status(), response.headers(), response.body());
      }
      CallOutcome outcome = outcomes.remove().get(60, TimeUnit.SECONDS);
      if (response.code() < 400) {
        assertThat(outcome).isEqualTo(new CallOutcome.Accepted());
      } else {
        assertThat(outcome).isEqualTo(new CallOutcome.Rejected(response.code(), response.body()));
      }
    }
  }

  @Test
  void everyRefusalOfACallIsToldWithItsStatusAndText() throws Exception {
    TestScheduler scheduler = TestScheduler.subscribing();
    try (ScriptedMaster master = ScriptedMaster.start();
        HttpMesos mesos = HttpMesos.start(scheduler, options(master), new MetricRegistry())) {
      Exchange stream = master.next();
      stream.stream("stream-1");
      stream.emit(HttpMesosTest.subscribed(15));
      scheduler.nextEvent();
      int refusals = 0;
      for (Step step : Recording.of("bad-calls", "scheduler")) {
        boolean ours =
            step instanceof Response response
                && response.code() >= 400
                && !response.body().contains("stream ID")
                && !response.body().equals("Framework cannot be found");
        if (ours) {
          Response response = (Response) step;
          CompletableFuture<CallOutcome> outcome =
              mesos.call(Call.newBuilder().setType(Call.Type.REVIVE).build());
          master.next().answer(response.status(), response.headers(), response.body());
          assertThat(outcome.get(60, TimeUnit.SECONDS))
              .isEqualTo(new CallOutcome.Rejected(response.code(), response.body()));
          refusals++;
        }
      }
      assertThat(refusals).isGreaterThan(8);
      assertThat(mesos.status().master()).contains(master.address());
    }
  }

  @ParameterizedTest
  @CsvSource({"none", "wrong"})
  void aRecordedRefusalOfCredentialsNamesThem(String who) throws Exception {
    assertThat(refusedBy("authentication", who).status().trouble().orElseThrow())
        .isInstanceOf(Trouble.Unauthorized.class)
        .extracting(Trouble::message)
        .asString()
        .contains("401: 401 Unauthorized.")
        .contains("heron.mesos.principal");
  }

  @ParameterizedTest
  @CsvSource({
    "authentication, other-principal, does not match principal 'someone-else'",
    "bad-calls, no-user, Missing required fields: subscribe.framework_info.user",
    "bad-calls, id-mismatch, 'framework_id' differs from 'subscribe.framework_info.id'",
  })
  void aRecordedRefusalOfASubscriptionIsAnErrorEvent(String file, String who, String text)
      throws Exception {
    HttpMesos mesos = refusedBy(file, who);
    assertThat(mesos.status().trouble().orElseThrow()).isInstanceOf(Trouble.Refused.class);
    assertThat(mesos.status().problem()).contains("400: ").contains(text);
  }

  /** A closed driver that got this refusal. */
  private static HttpMesos refusedBy(String file, String who) throws Exception {
    Response refusal = (Response) Recording.of(file, who).get(1);
    TestScheduler scheduler = TestScheduler.subscribing();
    try (ScriptedMaster master = ScriptedMaster.start();
        HttpMesos mesos = HttpMesos.start(scheduler, options(master), new MetricRegistry())) {
      master.next().answer(refusal.status(), refusal.headers(), refusal.body());
      assertThat(scheduler.nextTold()).isEqualTo("connected");
      assertThat(scheduler.nextTold()).isEqualTo("disconnected");
      HttpMesosTest.await(() -> mesos.status().trouble().isPresent());
      if (refusal.code() == 400) {
        assertThat(scheduler.nextEvent().getType()).isEqualTo(Event.Type.ERROR);
      }
      return mesos;
    }
  }
}
