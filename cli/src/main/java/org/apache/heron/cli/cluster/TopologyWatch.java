package org.apache.heron.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.executor.ExecutorPort;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * Looks at a running topology from outside: the scheduler's status by its published location, the
 * counters by each container's shell. What cannot be reached now is left out.
 */
final class TopologyWatch {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final IStateManager state;
  private final String topology;
  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();

  TopologyWatch(IStateManager state, String topology) {
    this.state = state;
    this.topology = topology;
  }

  /** What the scheduler says; empty while none is published or it does not answer. */
  Optional<SchedulerStatus> status() throws InterruptedException {
    Optional<SchedulerLocation> location = state.get(StateKind.SCHEDULER_LOCATION, topology);
    if (location.isEmpty()) {
      return Optional.empty();
    }
    return fetch("http://" + location.get().getHttpEndpoint() + "/api/v1/status")
        .flatMap(
            body -> {
              try {
                return Optional.of(mapper.readValue(body, SchedulerStatus.class));
              } catch (IOException e) {
                return Optional.empty();
              }
            });
  }

  /** The counters of the containers that run. */
  ComponentCounts counts(SchedulerStatus status) throws InterruptedException {
    List<JsonNode> pages = new ArrayList<>();
    for (SchedulerStatus.Container container : status.containers()) {
      Integer port = container.ports().get(ExecutorPort.SHELL.portName());
      if (container.id() == 0 || port == null || !container.state().equals("RUNNING")) {
        continue;
      }
      Optional<byte[]> page = fetch("http://" + container.hostname() + ":" + port + "/counters");
      if (page.isPresent()) {
        try {
          pages.add(mapper.readTree(page.get()));
        } catch (IOException e) {
          throw new java.io.UncheckedIOException("counters of container " + container.id(), e);
        }
      }
    }
    return ComponentCounts.of(pages);
  }

  private Optional<byte[]> fetch(String uri) throws InterruptedException {
    try {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(URI.create(uri)).timeout(LIMIT).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
