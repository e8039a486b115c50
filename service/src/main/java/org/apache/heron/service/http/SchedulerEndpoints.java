package org.apache.heron.service.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.heron.proto.scheduler.Scheduler.KillTopologyRequest;
import org.apache.heron.proto.scheduler.Scheduler.RestartTopologyRequest;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerResponse;
import org.apache.heron.proto.scheduler.Scheduler.UpdateTopologyRequest;
import org.apache.heron.proto.system.Common.Status;
import org.apache.heron.proto.system.Common.StatusCode;
import org.apache.heron.service.update.PlanUpdates;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.RequestHandler;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.heron.web.WebServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Upstream's commands (POST of protobuf to {@code /kill}, {@code /restart}, {@code /update}: the
 * answer says OK or NOTOK with a reason), and JSON for people and tools. Thread-safe.
 */
public final class SchedulerEndpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulerEndpoints.class);
  // A packing plan of 100,000 instances is about 10 MiB; an update carries two.
  private static final int MAX_BODY = 64 << 20;
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  // Restarts and updates take a thread each as long as they last; others must get through.
  private static final int THREADS = 12;
  private static final int LONG_COMMANDS = 6;
  // With the message that any answer is: of one that ended, or leads no longer, before it knew.
  // What
  // is on record goes on elsewhere, so that is no refusal, and who asked can watch it.
  private static final int NOT_KNOWN = 503;

  private final String topology;
  private final String version;
  private final IScheduler scheduler;
  private final PlanUpdates updates;
  private final Phaser commands = new Phaser(1);
  private final Semaphore longCommands = new Semaphore(LONG_COMMANDS);
  private final WebServer server;

  /**
   * Begins to answer.
   *
   * @param version of this software
   * @param updates where a new packing plan is sent to
   * @throws IOException if the address cannot be bound; the message names it
   */
  public SchedulerEndpoints(
      String host,
      int port,
      String topology,
      String version,
      IScheduler scheduler,
      PlanUpdates updates)
      throws IOException {
    this.topology = topology;
    this.version = version;
    this.scheduler = scheduler;
    this.updates = updates;
    server =
        WebServer.builder()
            .name("scheduler-http")
            .host(host)
            .port(port)
            .maxBody(MAX_BODY)
            .threads(THREADS)
            .gate(SchedulerEndpoints::refusePages)
            .route("POST", "/kill", command(this::kill))
            .route("POST", "/restart", command(lasting(this::restart), NOT_KNOWN))
            .route("POST", "/update", command(lasting(this::update)))
            .route("GET", "/health", (request, response) -> health(response))
            .route("GET", "/metrics", (request, response) -> metrics(response))
            .route("GET", "/api/v1/status", (request, r) -> r.sendJson(scheduler.status()))
            .route("GET", "/api/v1/update", (request, r) -> r.sendJson(updates.status()))
            .route("GET", "/api/v1/explain", (request, r) -> send(r, scheduler.explain()))
            .route("GET", "/api/v1/history", (request, r) -> send(r, scheduler.history()))
            .route("GET", "/api/v1/version", (request, response) -> version(response))
            .start();
  }

  /** The port that is listened on. */
  public int port() {
    return server.port();
  }

  /** Lets commands that are being answered finish, then ends all connections. */
  @Override
  public void close() {
    // Whoever waits for an update is told that it goes on when the next scheduler runs.
    updates.giveUp("the scheduler is stopping; the update goes on when it runs again");
    int phase = commands.arriveAndDeregister();
    try {
      commands.awaitAdvanceInterruptibly(phase, ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn("a command has not been answered within {}", ANSWER_LIMIT);
    }
    server.close();
  }

  /** What a command does with its request. */
  private interface Command {
    Outcome run(WebRequest request) throws BadBody;
  }

  /** A body that is not the message that it should be. */
  private static final class BadBody extends Exception {
    private static final long serialVersionUID = 1L;

    BadBody(String message) {
      super(message);
    }
  }

  /** Browsers say from which page they send; no page has business with a scheduler. */
  private static void refusePages(WebRequest head) {
    if (head.method().equals("POST") && head.header("Origin").isPresent()) {
      throw new HttpError(403, "requests of web pages may not change anything");
    }
  }

  private RequestHandler command(Command command) {
    return command(command, 200);
  }

  private RequestHandler command(Command command, int whenStopped) {
    return (WebRequest request, WebResponse response) -> {
      commands.register();
      try {
        LOG.info("{} {} from {}", request.method(), request.path(), request.remote());
        Outcome outcome = command.run(request);
        LOG.info("{}: {}", request.path(), outcome);
        answer(response.status(outcome.stopped() ? whenStopped : 200), outcome);
      } catch (BadBody e) {
        LOG.warn("{}: {}", request.path(), e.getMessage());
        answer(response.status(400), Outcome.refused(e.getMessage()));
      } finally {
        commands.arriveAndDeregister();
      }
    };
  }

  private Command lasting(Command command) {
    return request -> {
      if (!longCommands.tryAcquire()) {
        return Outcome.refused(
            LONG_COMMANDS + " restarts and updates wait for their end already; try again later");
      }
      try {
        return command.run(request);
      } finally {
        longCommands.release();
      }
    };
  }

  private static void answer(WebResponse response, Outcome outcome) {
    SchedulerResponse message =
        SchedulerResponse.newBuilder()
            .setStatus(
                Status.newBuilder()
                    .setStatus(outcome.ok() ? StatusCode.OK : StatusCode.NOTOK)
                    .setMessage(outcome.message()))
            .build();
    response.send("application/x-protobuf", message.toByteArray());
  }

  private Outcome kill(WebRequest call) throws BadBody {
    KillTopologyRequest request =
        read(KillTopologyRequest.parser(), call.body(), "KillTopologyRequest");
    return refused(request.getTopologyName())
        .orElseGet(
            () -> {
              updates.giveUp("the topology is being killed");
              return scheduler.onKill();
            });
  }

  /** Upstream's request, and how many at a time as a query parameter, which upstream has not. */
  private Outcome restart(WebRequest call) throws BadBody {
    RestartTopologyRequest request =
        read(RestartTopologyRequest.parser(), call.body(), "RestartTopologyRequest");
    int parallel = parallel(call.query("parallel").orElse("0"));
    return refused(request.getTopologyName())
        .orElseGet(() -> outcome(scheduler.onRestart(request.getContainerIndex(), parallel)));
  }

  private static int parallel(String text) throws BadBody {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below: the text is no better for the parser's words.
    }
    throw new BadBody("parallel is '" + text + "', not a number from 0");
  }

  private static Outcome outcome(CompletableFuture<Outcome> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      return Outcome.refused(String.valueOf(e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.stopped("the scheduler is stopping");
    }
  }

  private Outcome update(WebRequest call) throws BadBody {
    UpdateTopologyRequest request =
        read(UpdateTopologyRequest.parser(), call.body(), "UpdateTopologyRequest");
    try {
      return updates.update(
          PackingPlanProtos.fromProto(request.getCurrentPackingPlan()),
          PackingPlanProtos.fromProto(request.getProposedPackingPlan()));
    } catch (PackingException e) {
      throw new BadBody(e.getMessage());
    }
  }

  private Optional<Outcome> refused(String name) {
    return name.equals(topology)
        ? Optional.empty()
        : Optional.of(
            Outcome.refused(
                "this is the scheduler of topology '" + topology + "', not of '" + name + "'"));
  }

  private static <M extends Message> M read(Parser<M> parser, byte[] body, String name)
      throws BadBody {
    try {
      return parser.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new BadBody(
          "the body of " + body.length + " bytes is no " + name + ": " + e.getMessage());
    }
  }

  private static void send(WebResponse response, Optional<?> answer) {
    response.sendJson(
        answer.orElseThrow(() -> new HttpError(501, "this scheduler does not answer that")));
  }

  private void health(WebResponse response) {
    SchedulerStatus status = scheduler.status();
    boolean failed = status.phase() == SchedulerStatus.Phase.FAILED;
    response
        .status(failed ? 503 : 200)
        .sendText(failed ? status.problem() : status.phase().toString());
  }

  private void metrics(WebResponse response) {
    // The media type by which Prometheus knows the format.
    response.send(
        "text/plain; version=0.0.4; charset=utf-8",
        scheduler.metrics().getBytes(StandardCharsets.UTF_8));
  }

  private void version(WebResponse response) {
    response.sendJson(
        Map.of(
            "heron.build.version",
            version,
            "java.version",
            System.getProperty("java.version", "")));
  }
}
