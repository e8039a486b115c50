package org.apache.heron.client.scheduler;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.proto.scheduler.Scheduler.KillTopologyRequest;
import org.apache.heron.proto.scheduler.Scheduler.RestartTopologyRequest;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerResponse;
import org.apache.heron.proto.scheduler.Scheduler.UpdateTopologyRequest;
import org.apache.heron.proto.system.Common.StatusCode;
import org.apache.heron.service.call.Http;
import org.apache.heron.service.call.Route;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.scheduler.UpdateStatus;

/**
 * Commands to the process that schedules one topology, as upstream's schedulers take them. What
 * another topology's scheduler says of itself is no answer, and it is asked for nothing.
 */
final class HttpSchedulerClient implements SchedulerClient {
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final String topology;
  private final String submission;
  private final String endpoint;
  private final Route route;

  /**
   * @param location as published in shared state
   * @param submission the topology's id; empty if that is not known
   */
  HttpSchedulerClient(SchedulerLocation location, String submission, Route route) {
    this.submission = submission;
    this.route = route;
    this.topology = location.getTopologyName();
    this.endpoint = location.getHttpEndpoint();
  }

  @Override
  public String name() {
    return "scheduler at " + endpoint;
  }

  @Override
  public boolean answers(Duration limit) {
    try {
      // Whatever the answer is: upstream's schedulers do not know the path.
      Http.call(uri("api/v1/status"), Optional.empty(), limit, route);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public SchedulerAnswer kill(Duration limit) {
    return command(
        "kill", KillTopologyRequest.newBuilder().setTopologyName(topology).build(), limit);
  }

  @Override
  public SchedulerAnswer restart(int container, int parallel, Duration limit) {
    return command(
        parallel == 0 ? "restart" : "restart?parallel=" + parallel,
        RestartTopologyRequest.newBuilder()
            .setTopologyName(topology)
            .setContainerIndex(container)
            .build(),
        limit);
  }

  @Override
  public SchedulerAnswer update(PackingPlan current, PackingPlan proposed, Duration limit) {
    return command(
        "update",
        UpdateTopologyRequest.newBuilder()
            .setCurrentPackingPlan(PackingPlanProtos.toProto(current))
            .setProposedPackingPlan(PackingPlanProtos.toProto(proposed))
            .build(),
        limit);
  }

  /** Those that have a process launch each container themselves, by the plan in shared state. */
  @Override
  public boolean resizes() {
    return true;
  }

  @Override
  public Optional<SchedulerStatus> status(Duration limit) {
    return said(limit).filter(status -> stranger(status).isEmpty());
  }

  @Override
  public Optional<UpdateStatus> update(Duration limit) {
    return json("update", UpdateStatus.class, limit);
  }

  @Override
  public Optional<Explanation> explain(Duration limit) {
    return json("explain", Explanation.class, limit).filter(said -> isOurs(said.topology()));
  }

  @Override
  public Optional<TopologyHistory> history(Duration limit) {
    return json("history", TopologyHistory.class, limit).filter(said -> isOurs(said.topology()));
  }

  /** What listens there, if that says that it is another topology's scheduler. */
  Optional<String> stranger(Duration limit) {
    return said(limit).flatMap(this::stranger);
  }

  private Optional<SchedulerStatus> said(Duration limit) {
    return json("status", SchedulerStatus.class, limit);
  }

  private Optional<String> stranger(SchedulerStatus status) {
    if (!isOurs(status.topology())) {
      return Optional.of("the scheduler of topology '" + status.topology() + "'");
    }
    String id = status.topologyId();
    boolean told = id != null && !id.isEmpty() && !submission.isEmpty();
    return told && !id.equals(submission)
        ? Optional.of("the scheduler of another submission of topology '" + topology + "'")
        : Optional.empty();
  }

  /** Who does not say whose scheduler it is may be ours. */
  private boolean isOurs(String name) {
    return name == null || name.isEmpty() || name.equals(topology);
  }

  private <T> Optional<T> json(String path, Class<T> type, Duration limit) {
    try {
      Http.Answer answer = Http.call(uri("api/v1/" + path), Optional.empty(), limit, route);
      return answer.status() == 200
          ? Optional.of(Json.MAPPER.readValue(answer.body().toByteArray(), type))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private SchedulerAnswer command(String path, Message request, Duration limit) {
    Optional<SchedulerStatus> said = said(LOOK);
    // A kill names the topology only, which another cluster may have as well; an update not even
    // that.
    Optional<String> stranger = said.flatMap(this::stranger);
    if (stranger.isPresent()) {
      return new SchedulerAnswer.Stranger("at " + endpoint + " listens " + stranger.get());
    }
    try {
      Http.Answer answer = Http.call(uri(path), Optional.of(request.toByteArray()), limit, route);
      if (answer.status() != 200) {
        Optional<String> stopped = stopped(answer);
        if (stopped.isPresent()) {
          return new SchedulerAnswer.Unclear(
              "the scheduler at " + endpoint + " ended, or leads no longer: " + stopped.get());
        }
        if (said.isEmpty() && knowsNoCommands(answer.status())) {
          return new SchedulerAnswer.Stranger(
              "what answers at "
                  + endpoint
                  + " is no scheduler: "
                  + answer.status()
                  + " "
                  + answer.line());
        }
        // An answer all the same: nobody goes on with the command, so nobody need watch it.
        return new SchedulerAnswer.Refused(
            "scheduler at " + endpoint + " answers " + answer.status() + " " + answer.line());
      }
      var status = SchedulerResponse.parseFrom(answer.body()).getStatus();
      return status.getStatus() == StatusCode.OK
          ? new SchedulerAnswer.Done(status.getMessage())
          : new SchedulerAnswer.Refused(status.getMessage());
    } catch (InvalidProtocolBufferException e) {
      String message = "what answers at " + endpoint + " is no scheduler";
      return said.isEmpty()
          ? new SchedulerAnswer.Stranger(message)
          : new SchedulerAnswer.Refused(message);
    } catch (ConnectException | UnknownHostException e) {
      return new SchedulerAnswer.Gone("nothing listens at " + endpoint + ": " + e.getMessage());
    } catch (IOException e) {
      return new SchedulerAnswer.Unclear(
          "no answer from the scheduler at " + endpoint + ": " + e.getMessage());
    }
  }

  /**
   * What a scheduler says that does not know any more what becomes of the command: the message of
   * any answer, but as an error. Other errors are no such message.
   */
  private static Optional<String> stopped(Http.Answer answer) {
    if (answer.status() != HttpURLConnection.HTTP_UNAVAILABLE) {
      return Optional.empty();
    }
    try {
      return Optional.of(SchedulerResponse.parseFrom(answer.body()).getStatus().getMessage());
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  /** A scheduler, upstream's too, has a fault of its own at worst: 500, or 503. */
  private static boolean knowsNoCommands(int status) {
    return status < 500 || status == HttpURLConnection.HTTP_NOT_IMPLEMENTED;
  }

  private URI uri(String path) {
    try {
      URI uri = new URI("http://" + endpoint + "/" + path);
      if (uri.getHost() != null && uri.getPort() > 0) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Reported below: the text is no better for the parser's words.
    }
    throw new ClientException(
        "The scheduler's location of topology '"
            + topology
            + "' is '"
            + endpoint
            + "', which is not host:port");
  }

  @Override
  public void close() {}

  /** Loaded only by commands that read JSON. */
  private static final class Json {
    static final ObjectMapper MAPPER =
        new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
  }
}
