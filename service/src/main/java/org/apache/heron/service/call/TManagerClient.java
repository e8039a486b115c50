package org.apache.heron.service.call;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.scheduler.SchedulerException;

/** Commands to the topology manager, by its controller port. */
public final class TManagerClient {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final TManagerLocation location;
  private final Route route;

  /** For the one that is published. */
  public TManagerClient(TManagerLocation location, Route route) {
    this.location = location;
    this.route = route;
  }

  /**
   * Lets the spouts emit.
   *
   * @throws SchedulerException if the topology manager does not do it
   */
  public void activate() {
    call("activate", "activate", List.of());
  }

  /** Stops the spouts. */
  public void deactivate() {
    call("deactivate", "deactivate", List.of());
  }

  /**
   * Changes configuration values while the topology runs.
   *
   * @param values each {@code [component:]key:value}
   */
  public void updateRuntimeConfig(List<String> values) {
    call("runtime_config/update", "runtime-config", values);
  }

  private void call(String path, String command, List<String> runtimeConfig) {
    StringBuilder query = new StringBuilder("topologyid=").append(encode(location.getTopologyId()));
    runtimeConfig.forEach(value -> query.append("&runtime-config=").append(encode(value)));
    String authority = location.getHost() + ":" + location.getControllerPort();
    try {
      URI uri = new URI("http://" + authority + "/" + path + "?" + query);
      Http.Answer answer = Http.call(uri, Optional.empty(), LIMIT, route);
      if (answer.status() != 200) {
        throw new SchedulerException(
            "Non OK HTTP response "
                + answer.status()
                + " from TManager for command "
                + command
                + (answer.line().isEmpty() ? "" : ": " + answer.line()));
      }
    } catch (IOException e) {
      throw new SchedulerException(
          "The topology manager at " + authority + " does not answer: " + e.getMessage(), e);
    } catch (URISyntaxException e) {
      throw new SchedulerException(
          "The topology manager's location is '" + authority + "', which is not host:port", e);
    }
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
