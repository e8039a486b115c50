package org.apache.heron.client.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerResponse;
import org.apache.heron.proto.system.Common.Status;
import org.apache.heron.proto.system.Common.StatusCode;
import org.apache.heron.service.call.Route;
import org.apache.heron.web.WebServer;
import org.junit.jupiter.api.Test;

class LongCommandTest {
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private static SchedulerClient schedulerAt(int port) {
    return new HttpSchedulerClient(
        SchedulerLocation.newBuilder()
            .setTopologyName("words")
            .setHttpEndpoint("127.0.0.1:" + port)
            .build(),
        "words-1",
        Route.DIRECT);
  }

  private static SchedulerAnswer restart(SchedulerClient scheduler) throws InterruptedException {
    return new LongCommand(scheduler, SILENCE)
        .await(() -> scheduler.restart(1, 0, Duration.ofMinutes(11)), () -> true, Progress.NONE);
  }

  @Test
  void anAnswerThatWasLostIsNotAwaitedWhenNothingIsUnderWayAnyMore() throws Exception {
    try (WebServer server = answering(new CountDownLatch(1));
        SchedulerClient scheduler = schedulerAt(server.port())) {
      CountDownLatch never = new CountDownLatch(1);
      SchedulerAnswer answer =
          new LongCommand(scheduler, Duration.ofSeconds(60), Duration.ofMillis(500))
              .await(
                  () -> {
                    try {
                      never.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                    return new SchedulerAnswer.Done("");
                  },
                  () -> false,
                  Progress.NONE);
      never.countDown();
      assertThat(answer)
          .isEqualTo(
              new SchedulerAnswer.Unclear(
                  "the scheduler at 127.0.0.1:%d says that nothing is under way any more, but its answer has not come"
                      .formatted(server.port())));
    }
  }

  /** As a process that was stopped: the kernel takes connections, nobody reads them. */
  @Test
  void aSchedulerThatHangsIsGivenUpLongBeforeTheCommandsOwnLimit() throws Exception {
    try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SchedulerClient scheduler = schedulerAt(hanging.getLocalPort())) {
      assertThat(restart(scheduler))
          .isEqualTo(
              new SchedulerAnswer.Unclear(
                  "the scheduler at 127.0.0.1:%d took the connection, but has answered nothing for 1 s: does its process hang?"
                      .formatted(hanging.getLocalPort())));
    }
  }

  @Test
  void aSchedulerThatAnswersOtherQuestionsMayTakeLonger() throws Exception {
    // Three silences long, told by the questions that are asked meanwhile.
    CountDownLatch questions = new CountDownLatch(10);
    try (WebServer server = answering(questions);
        SchedulerClient scheduler = schedulerAt(server.port())) {
      assertThat(restart(scheduler)).isEqualTo(new SchedulerAnswer.Done("all restarted"));
      assertThat(questions.getCount()).isZero();
    }
  }

  /** Knows no question, as upstream's schedulers: an answer all the same. */
  private static WebServer answering(CountDownLatch questions) throws IOException {
    return WebServer.builder()
        .route(
            "POST",
            "/restart",
            (request, response) -> {
              assertThat(questions.await(60, TimeUnit.SECONDS)).isTrue();
              response.send(
                  "application/x-protobuf",
                  SchedulerResponse.newBuilder()
                      .setStatus(
                          Status.newBuilder().setStatus(StatusCode.OK).setMessage("all restarted"))
                      .build()
                      .toByteArray());
            })
        .notFound(
            (request, response) -> {
              questions.countDown();
              response.status(404).sendEmpty();
            })
        .start();
  }
}
