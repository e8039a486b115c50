package org.apache.heron.minicluster.agent;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.minicluster.agent.fetcher.FetcherCache;
import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.DomainInfo;
import org.apache.mesos.v1.Protos.Resource;

/** What an agent is told when it is made; see {@link Agent.Builder} for each. */
record AgentSettings(
    String hostname,
    String bindAddress,
    int port,
    String resourceText,
    String attributeText,
    List<Resource> resources,
    List<Attribute> attributes,
    Optional<DomainInfo> domain,
    Path workDirectory,
    Optional<FetcherCache> cache,
    long cacheBytes,
    Duration fetchStallLimit,
    Duration registrationLimit,
    int parallelLaunches,
    Duration pingInterval,
    int keptSandboxes,
    boolean switchUser,
    Map<String, String> baseEnvironment,
    Clock clock) {
  AgentSettings {
    resources = List.copyOf(resources);
    attributes = List.copyOf(attributes);
    baseEnvironment = Map.copyOf(baseEnvironment);
  }

  /** What it has for itself, without what it lends as revocable. */
  List<Resource> owned() {
    return resources.stream().filter(resource -> !resource.hasRevocable()).toList();
  }
}
