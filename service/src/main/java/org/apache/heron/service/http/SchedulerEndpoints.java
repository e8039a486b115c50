package org.apache.heron.service.http;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.heron.proto.scheduler.Scheduler.KillTopologyRequest;
import org.apache.heron.proto.scheduler.Scheduler.RestartTopologyRequest;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerResponse;
import org.apache.heron.proto.scheduler.Scheduler.UpdateTopologyRequest;
import org.apache.heron.proto.system.Common.Status;
import org.apache.heron.proto.system.Common.StatusCode;
import org.apache.heron.spi.packing.PackingException;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.IScheduler;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerStatus;
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

  private final String topology;
  private final String version;
  private final IScheduler scheduler;
  private final Phaser commands = new Phaser(1);
  private final WebServer server;

  /**
   * Begins to answer.
   *
   * @param version of this software
   * @throws IOException if the address cannot be bound; the message names it
   */
  public SchedulerEndpoints(
      String host, int port, String topology, String version, IScheduler scheduler)
      throws IOException {
    this.topology = topology;
    this.version = version;
    this.scheduler = scheduler;
    server =
        WebServer.builder()
            .name("scheduler-http")
            .host(host)
            .port(port)
            .maxBody(MAX_BODY)
            .route("POST", "/kill", command(this::kill))
            .route("POST", "/restart", command(this::restart))
            .route("POST", "/update", command(this::update))
            .route("GET", "/health", (request, response) -> health(response))
            .route("GET", "/metrics", (request, response) -> metrics(response))
            .route("GET", "/api/v1/status", (request, r) -> r.sendJson(scheduler.status()))
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

  /** What a command does with the body of its request. */
  private interface Command {
    Outcome run(byte[] body) throws BadBody;
  }

  /** A body that is not the message that it should be. */
  private static final class BadBody extends Exception {
    private static final long serialVersionUID = 1L;

    BadBody(String message) {
      super(message);
    }
  }

  private RequestHandler command(Command command) {
    return (WebRequest request, WebResponse response) -> {
      commands.register();
      try {
        LOG.info("{} {} from {}", request.method(), request.path(), request.remote());
        Outcome outcome = command.run(request.body());
        LOG.info("{}: {}", request.path(), outcome);
        answer(response, outcome);
      } catch (BadBody e) {
        LOG.warn("{}: {}", request.path(), e.getMessage());
        answer(response.status(400), Outcome.refused(e.getMessage()));
      } finally {
        commands.arriveAndDeregister();
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

  private Outcome kill(byte[] body) throws BadBody {
    KillTopologyRequest request = read(KillTopologyRequest.parser(), body, "KillTopologyRequest");
    return refused(request.getTopologyName()).orElseGet(scheduler::onKill);
  }

  private Outcome restart(byte[] body) throws BadBody {
    RestartTopologyRequest request =
        read(RestartTopologyRequest.parser(), body, "RestartTopologyRequest");
    return refused(request.getTopologyName())
        .orElseGet(() -> scheduler.onRestart(request.getContainerIndex()));
  }

  private Outcome update(byte[] body) throws BadBody {
    UpdateTopologyRequest request =
        read(UpdateTopologyRequest.parser(), body, "UpdateTopologyRequest");
    try {
      return scheduler.onUpdate(
          PackingPlanProtos.fromProto(request.getCurrentPackingPlan()),
          PackingPlanProtos.fromProto(request.getProposedPackingPlan()));
    } catch (PackingException e) {
      throw new BadBody(e.getMessage());
    }
  }

  private java.util.Optional<Outcome> refused(String name) {
    return name.equals(topology)
        ? java.util.Optional.empty()
        : java.util.Optional.of(
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
