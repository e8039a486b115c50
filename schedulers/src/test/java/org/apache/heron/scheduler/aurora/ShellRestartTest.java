package org.apache.heron.scheduler.aurora;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.statemgr.StateKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heron.class.scheduler.aurora.controller.cli: false}. */
class ShellRestartTest {
  @TempDir Path directory;
  private final CompletableFuture<String> asked = new CompletableFuture<>();
  private volatile int answer = 200;
  private HttpServer shell;
  private RecordingClient aurora;
  private Job job;

  @BeforeEach
  void prepare() throws IOException {
    shell = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    shell.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          asked.complete(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    shell.start();
    aurora = new RecordingClient(directory.resolve("bin"));
    aurora.has(0, 1);
    job = new Job(directory).with("heron.class.scheduler.aurora.controller.cli", false);
  }

  @AfterEach
  void close() {
    shell.stop(0);
    job.close();
  }

  private Outcome restart(int container) throws Exception {
    try (AuroraScheduler scheduler = job.scheduler(aurora.searchPath())) {
      job.state()
          .put(
              StateKind.PHYSICAL_PLAN,
              "words",
              PhysicalPlan.newBuilder()
                  .setTopology(Job.topology())
                  .addStmgrs(
                      StMgr.newBuilder()
                          .setId("stmgr-1")
                          .setHostName("127.0.0.1")
                          .setDataPort(1)
                          .setLocalEndpoint("/unused")
                          .setShellPort(shell.getAddress().getPort()))
                  .build());
      return scheduler.onRestart(container, 0).get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aContainerEndsItselfThroughItsShell() throws Exception {
    assertThat(restart(1).ok()).isTrue();
    assertThat(asked.getNow("")).isEqualTo("POST /killexecutor secret=words-0001");
    assertThat(aurora.calls()).isEmpty();
  }

  @Test
  void aShellThatRefusesIsTold() throws Exception {
    answer = 403;
    Outcome outcome = restart(1);
    assertThat(outcome.ok()).isFalse();
    assertThat(outcome.message())
        .startsWith("the web shell of container 1 at http://127.0.0.1:")
        .contains("/killexecutor answers 403");
    assertThat(aurora.calls()).isEmpty();
  }

  @Test
  void aShellThatIsNotReachedLeavesItToAurorasClient() throws Exception {
    shell.stop(0);
    assertThat(restart(1).ok()).isTrue();
    assertThat(String.join(" ", aurora.calls().get(0)))
        .isEqualTo("job restart west/ada/devel/words/1 --batch-size 2147483647");
  }

  @Test
  void containerZeroAndAllAreAurorasClientsToRestart() throws Exception {
    assertThat(restart(0).ok()).isTrue();
    assertThat(restart(-1).ok()).isTrue();
    assertThat(aurora.verbs()).containsExactly("restart", "restart");
    assertThat(asked).isNotDone();
  }

  @Test
  void aContainerThatIsNotInThePlanIsRefused() throws Exception {
    assertThat(restart(5))
        .isEqualTo(Outcome.refused("there is no container 5 in the physical plan"));
    assertThat(aurora.calls()).isEmpty();
  }
}
