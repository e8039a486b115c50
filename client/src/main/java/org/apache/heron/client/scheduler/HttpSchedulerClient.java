package org.apache.heron.client.scheduler;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.net.ConnectException;
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

/** Commands to the process that schedules one topology, as upstream's schedulers take them. */
final class HttpSchedulerClient implements SchedulerClient {
  private final String topology;
  private final String endpoint;
  private final Route route;

  /**
   * @param location as published in shared state
   */
  HttpSchedulerClient(SchedulerLocation location, Route route) {
    this.route = route;
    this.topology = location.getTopologyName();
    this.endpoint = location.getHttpEndpoint();
  }

  @Override
  public String name() {
    return "scheduler at " + endpoint;
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
    return json("status", SchedulerStatus.class, limit);
  }

  @Override
  public Optional<UpdateStatus> update(Duration limit) {
    return json("update", UpdateStatus.class, limit);
  }

  @Override
  public Optional<Explanation> explain(Duration limit) {
    return json("explain", Explanation.class, limit);
  }

  @Override
  public Optional<TopologyHistory> history(Duration limit) {
    return json("history", TopologyHistory.class, limit);
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
    try {
      Http.Answer answer = Http.call(uri(path), Optional.of(request.toByteArray()), limit, route);
      if (answer.status() != 200) {
        // An answer all the same: nobody goes on with the command, so nobody need watch it.
        return new SchedulerAnswer.Refused(
            "scheduler at " + endpoint + " answers " + answer.status() + " " + answer.line());
      }
      var status = SchedulerResponse.parseFrom(answer.body()).getStatus();
      return status.getStatus() == StatusCode.OK
          ? new SchedulerAnswer.Done(status.getMessage())
          : new SchedulerAnswer.Refused(status.getMessage());
    } catch (InvalidProtocolBufferException e) {
      return new SchedulerAnswer.Refused("what answers at " + endpoint + " is no scheduler");
    } catch (ConnectException | UnknownHostException e) {
      return new SchedulerAnswer.Gone("nothing listens at " + endpoint + ": " + e.getMessage());
    } catch (IOException e) {
      return new SchedulerAnswer.Unclear(
          "no answer from the scheduler at " + endpoint + ": " + e.getMessage());
    }
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
