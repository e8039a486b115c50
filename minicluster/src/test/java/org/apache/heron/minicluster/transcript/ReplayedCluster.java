package org.apache.heron.minicluster.transcript;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.heron.minicluster.agent.Agent;
import org.apache.heron.minicluster.agent.AttributeText;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.master.Master;
import org.apache.heron.minicluster.master.MasterOptions;
import org.apache.heron.minicluster.protocol.MasterLink;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DomainInfo;

/** Our masters with scripted or real agents, started and killed as the notes of a recording say. */
final class ReplayedCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> RECORDED_PORTS = List.of("6050", "6055");
  private static final Pattern AGENT =
      Pattern.compile("agent (\\S+) started: resources (\\S+) ?(.*)");

  private final Path directory;
  private final Bindings bindings;
  private final Map<String, Master> masters = new LinkedHashMap<>();
  private final Map<String, Agent> realAgents = new LinkedHashMap<>();
  private final boolean real;
  private final Map<String, ScriptedAgent> agents = new LinkedHashMap<>();
  private final List<ScriptedAgent> pending = new ArrayList<>();
  private final AtomicReference<Master> leader = new AtomicReference<>();
  private final ScheduledExecutorService pings = Executors.newSingleThreadScheduledExecutor();
  private Optional<EmbeddedZooKeeper> zooKeeper = Optional.empty();

  ReplayedCluster(Path directory, Bindings bindings, boolean real) {
    this.real = real;
    this.directory = directory;
    this.bindings = bindings;
    pings.scheduleAtFixedRate(this::ping, 100, 100, TimeUnit.MILLISECONDS);
  }

  private synchronized void ping() {
    Master current = leader.get();
    if (current != null) {
      agents.values().forEach(agent -> agent.ping(current.link()));
    }
  }

  void note(String text) throws Exception {
    if (text.startsWith("master started: ")) {
      startMaster(text);
    } else if (text.equals("master: signal 9")) {
      killMaster();
    } else if (text.endsWith(": signal 9")) {
      killAgent(text.substring(0, text.indexOf(':')));
    } else if (AGENT.matcher(text).matches()) {
      if (real) {
        startRealAgent(text);
      } else {
        startAgent(text);
      }
    }
  }

  private void startMaster(String text) throws Exception {
    MasterOptions options = options(text);
    if (text.contains("registry=None")) {
      if (zooKeeper.isEmpty()) {
        zooKeeper = Optional.of(EmbeddedZooKeeper.start(directory.resolve("zookeeper"), 0));
      }
      options =
          options.withLeaderElection(
              new MasterOptions.ZooKeeperPath(
                  zooKeeper.get().connectString(), "/mesos", Duration.ofSeconds(10)));
    }
    String recorded =
        RECORDED_PORTS.stream()
            .filter(port -> !masters.containsKey(port))
            .findFirst()
            .orElseThrow();
    Optional<String> before = bindings.ours(recorded);
    if (before.isPresent()) {
      options = options.withPort(Integer.parseInt(before.get()));
    }
    Master master = Master.start(options, leader::set);
    masters.put(recorded, master);
    bindings.bind(recorded, String.valueOf(master.port()));
    awaitLeader();
  }

  private MasterOptions options(String text) throws Exception {
    MasterOptions options = MasterOptions.defaults();
    Optional<String> offerTimeout = flag(text, "offer_timeout");
    if (offerTimeout.isPresent()) {
      options = options.withOfferTimeout(seconds(offerTimeout.get()));
    }
    Optional<String> pingTimeout = flag(text, "agent_ping_timeout");
    if (pingTimeout.isPresent()) {
      int times = Integer.parseInt(flag(text, "max_agent_ping_timeouts").orElse("5"));
      options = options.withAgentPings(seconds(pingTimeout.get()), times);
    }
    Optional<DomainInfo> domain = domain(text);
    if (domain.isPresent()) {
      options = options.withDomain(domain.get());
    }
    if (text.contains("--credentials")) {
      Path file = Files.createDirectories(directory).resolve("credentials.json");
      Files.writeString(
          file, "{\"credentials\":[{\"principal\":\"heron\",\"secret\":\"s3cret\"}]}");
      options = options.withCredentials(file);
    }
    return options;
  }

  private static Optional<String> flag(String text, String name) {
    Matcher matcher = Pattern.compile("--" + name + "=(\\S+)").matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static Duration seconds(String text) {
    return Duration.ofSeconds(Long.parseLong(text.replace("secs", "")));
  }

  private static Optional<DomainInfo> domain(String text) throws Exception {
    Optional<String> json = flag(text, "domain");
    return json.isEmpty()
        ? Optional.empty()
        : Optional.of(
            MesosJson.merge(MesosJson.parse(json.get()), DomainInfo.newBuilder()).build());
  }

  private void awaitLeader() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                leader.get() != null
                    && masters.containsValue(leader.get())
                    && leader.get().isLeading());
  }

  private void killMaster() throws Exception {
    Master dead = leader.get();
    masters.values().remove(dead);
    dead.close();
    for (ScriptedAgent agent : agents.values()) {
      if (agent.isRegistered()) {
        pending.add(agent);
      }
    }
    if (!masters.isEmpty()) {
      awaitLeader();
      for (ScriptedAgent agent : List.copyOf(pending)) {
        register(agent);
      }
    }
  }

  private void killAgent(String name) {
    if (real) {
      realAgents.get(name).kill();
    } else {
      agents.get(name).die(link());
    }
  }

  private void startRealAgent(String text) throws Exception {
    Matcher matcher = AGENT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    String name = matcher.group(1);
    if (realAgents.containsKey(name)) {
      realAgents.get(name).restart();
    } else {
      realAgents.put(
          name,
          Agent.builder()
              .hostname(name + ".example")
              .resources(matcher.group(2))
              .workDirectory(directory.resolve(name))
              .start(link()));
    }
  }

  /** True if agents are ours, with real processes, and need not be told what to say. */
  boolean isReal() {
    return real;
  }

  private synchronized void startAgent(String text) throws Exception {
    Matcher matcher = AGENT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    String name = matcher.group(1);
    if (!agents.containsKey(name)) {
      AgentInfo.Builder info =
          AgentInfo.newBuilder()
              .setHostname(name + ".example")
              .setPort(name.equals("agent") ? 6051 : 6052)
              .addAllResources(ResourceFormat.parse(matcher.group(2)))
              .addAllAttributes(
                  AttributeText.attributes(flag(matcher.group(3), "attributes").orElse("")));
      domain(matcher.group(3)).ifPresent(info::setDomain);
      agents.put(name, new ScriptedAgent(info.build()));
    }
    pending.add(agents.get(name));
  }

  /** Registers the agents that wait, if the recorded event could not be without them. */
  void registerFor(String event) throws Exception {
    for (ScriptedAgent agent : List.copyOf(pending)) {
      boolean named =
          event.contains('"' + agent.hostname() + '"')
              || agent
                  .id()
                  .filter(id -> bindings.translate(event).contains('"' + id.getValue() + '"'))
                  .isPresent();
      if (named) {
        register(agent);
      }
    }
  }

  private void register(ScriptedAgent agent) throws Exception {
    pending.remove(agent);
    agent.register(link());
  }

  MasterLink link() {
    return leader.get().link();
  }

  Optional<ScriptedAgent> agentOf(String task) {
    return agents.values().stream().filter(agent -> agent.runs(task)).findFirst();
  }

  /** All agents die, as at the end of a recording. */
  void killAgents() {
    realAgents.values().forEach(Agent::kill);
    agents.values().stream()
        .filter(ScriptedAgent::isRegistered)
        .forEach(agent -> agent.die(link()));
  }

  EmbeddedZooKeeper zooKeeper() {
    return zooKeeper.orElseThrow();
  }

  Master leader() {
    return leader.get();
  }

  @Override
  public void close() {
    pings.shutdownNow();
    realAgents.values().forEach(Agent::close);
    masters.values().forEach(Master::close);
    zooKeeper.ifPresent(EmbeddedZooKeeper::close);
  }
}
