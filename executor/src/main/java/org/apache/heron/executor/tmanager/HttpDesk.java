package org.apache.heron.executor.tmanager;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.apache.heron.proto.tmanager.TopologyManager.ExceptionLogRequest;
import org.apache.heron.proto.tmanager.TopologyManager.MetricRequest;
import org.apache.heron.proto.tmanager.TopologyManager.StmgrsRegistrationSummaryRequest;
import org.apache.heron.proto.tmanager.TopologyManager.StmgrsRegistrationSummaryResponse;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.RequestHandler;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebServer;

/** The topology manager's two HTTP ports, with upstream's paths, texts and statuses. */
final class HttpDesk implements AutoCloseable {
  private static final int MAX_BODY = 1 << 20;

  private final TopologyManagerConfig config;
  private final TopologyManager manager;
  private final StatsDesk stats;
  private final WebServer controller;
  private final WebServer statistics;

  private HttpDesk(TopologyManagerConfig config, TopologyManager manager, StatsDesk stats)
      throws IOException {
    this.config = config;
    this.manager = manager;
    this.stats = stats;
    this.controller = startController();
    try {
      this.statistics = startStatistics();
    } catch (IOException e) {
      controller.close();
      throw e;
    }
  }

  static HttpDesk start(TopologyManagerConfig config, TopologyManager manager, StatsDesk stats)
      throws IOException {
    return new HttpDesk(config, manager, stats);
  }

  private WebServer startController() throws IOException {
    return WebServer.builder()
        .name("tmanager-controller")
        .host(config.bind().getHostAddress())
        .port(config.controllerPort())
        .maxBody(MAX_BODY)
        .threads(2)
        .route("*", "/activate", text(request -> activate(request)))
        .route("*", "/deactivate", text(request -> deactivate(request)))
        .route("*", "/clean_all_stateful_checkpoints", text(request -> cleanCheckpoints(request)))
        .route("*", "/runtime_config/update", text(request -> updateConfig(request)))
        .route("*", "/get_current_physical_plan", text(request -> currentPlan()))
        .start();
  }

  private WebServer startStatistics() throws IOException {
    return WebServer.builder()
        .name("tmanager-stats")
        .host(config.bind().getHostAddress())
        .port(config.statsPort())
        .maxBody(MAX_BODY)
        .threads(2)
        .route("*", "/stats", protobuf(MetricRequest.parser(), stats::metrics))
        .route("*", "/exceptions", protobuf(ExceptionLogRequest.parser(), stats::exceptions))
        .route(
            "*",
            "/exceptionsummary",
            protobuf(ExceptionLogRequest.parser(), stats::exceptionSummary))
        .route(
            "*",
            "/stmgrsregistrationsummary",
            protobuf(StmgrsRegistrationSummaryRequest.parser(), request -> registrations()))
        .start();
  }

  int controllerPort() {
    return controller.port();
  }

  int statsPort() {
    return statistics.port();
  }

  private static RequestHandler text(Function<WebRequest, String> answer) {
    return (request, response) -> response.sendText(answer.apply(request));
  }

  private static <Q extends Message> RequestHandler protobuf(
      Parser<Q> parser, Function<Q, ? extends Message> answer) {
    return (request, response) -> {
      Q question;
      try {
        question = parser.parseFrom(request.body());
      } catch (InvalidProtocolBufferException e) {
        throw new HttpError(400, "malformed request: " + e.getMessage());
      }
      response.send("application/octet-stream", answer.apply(question).toByteArray());
    };
  }

  private String activate(WebRequest request) {
    return changed(
        request,
        board -> {
          if (board.state() != TopologyState.PAUSED) {
            throw new HttpError(400, "Topology not in paused state");
          }
          return withState(TopologyState.RUNNING);
        },
        "Topology successfully activated");
  }

  private String deactivate(WebRequest request) {
    return changed(
        request,
        board -> {
          if (board.state() != TopologyState.RUNNING) {
            throw new HttpError(400, "Topology not in running state");
          }
          return withState(TopologyState.PAUSED);
        },
        "Topology successfully deactivated");
  }

  private static UnaryOperator<Topology> withState(TopologyState state) {
    return topology -> topology.toBuilder().setState(state).build();
  }

  /** No checkpoints are kept, so that there is nothing to clean. */
  private String cleanCheckpoints(WebRequest request) {
    return manager.call(
        board -> {
          validated(request, board);
          return "Checkpoints successfully cleaned";
        });
  }

  private String updateConfig(WebRequest request) {
    return changed(
        request,
        board -> {
          List<String> texts = request.queryAll("runtime-config");
          if (texts.isEmpty()) {
            throw new HttpError(
                400,
                "No runtime config is found. Usage: runtime-config=[COMPONENT:]<CONFIG>:<VALUE>.");
          }
          RuntimeConfig config =
              RuntimeConfig.parse(texts)
                  .orElseThrow(
                      () ->
                          new HttpError(
                              400,
                              "Failed to parse runtime configs. Possibly bad format."
                                  + " The expected format is [COMPONENT:]<CONFIG>:<VALUE>."));
          config
              .unknownComponent(board.topology())
              .ifPresent(
                  name -> {
                    throw new HttpError(
                        400, "Failed to validate runtime configs: no component " + name);
                  });
          config
              .badValue()
              .ifPresent(
                  what -> {
                    throw new HttpError(400, "Failed to validate runtime configs: " + what);
                  });
          return config::applyTo;
        },
        "Runtime config updated");
  }

  private String changed(
      WebRequest request, Function<PlanBoard, UnaryOperator<Topology>> decide, String done) {
    return manager.call(
        present -> {
          PlanBoard board = validated(request, present);
          UnaryOperator<Topology> change = decide.apply(board);
          try {
            manager.change(board, change);
          } catch (StateException e) {
            throw new HttpError(500, "the change could not be stored: " + e.getMessage());
          }
          return done;
        });
  }

  private PlanBoard validated(WebRequest request, java.util.Optional<PlanBoard> board) {
    String id = request.query("topologyid").orElse("");
    if (id.isEmpty()) {
      throw new HttpError(400, "Missing 'topologyid' argument in the request");
    }
    if (!id.equals(config.topologyId())) {
      throw new HttpError(400, "Topology id does not match");
    }
    return board
        .filter(present -> present.currentPlan().isPresent())
        .orElseThrow(
            () ->
                new HttpError(
                    500, "Tmanager still not initialized (physical plan is not available)"));
  }

  private String currentPlan() {
    return manager.call(
        present -> {
          PlanBoard board =
              present.orElseThrow(() -> new HttpError(400, "there is no physical plan yet"));
          if (!board.absent().isEmpty()) {
            throw new HttpError(400, "these stream managers are absent: " + board.absent());
          }
          return board
              .currentPlan()
              .map(plan -> Base64.getEncoder().encodeToString(plan.toByteArray()))
              .orElseThrow(() -> new HttpError(400, "there is no physical plan yet"));
        });
  }

  private StmgrsRegistrationSummaryResponse registrations() {
    return manager.call(
        present -> {
          StmgrsRegistrationSummaryResponse.Builder summary =
              StmgrsRegistrationSummaryResponse.newBuilder();
          present.ifPresent(
              board ->
                  summary
                      .addAllRegisteredStmgrs(board.present())
                      .addAllAbsentStmgrs(board.absent()));
          return summary.build();
        });
  }

  @Override
  public void close() {
    controller.close();
    statistics.close();
  }
}
