package org.apache.heron.minicluster.master;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.ports.FreePort;
import org.apache.heron.minicluster.protocol.MasterLink;
import org.apache.heron.minicluster.wire.MasterCalls;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.RequestHandler;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.heron.web.WebServer;
import org.apache.mesos.v1.Protos.Address;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.MasterInfo;

/**
 * A Mesos master on loopback, with an empty registry. It leads at once, or when it is elected in
 * ZooKeeper; until then it sends callers to the leader. Thread-safe; {@link #close} ends every
 * connection and thread.
 */
public final class Master implements AutoCloseable {
  private static final int MAX_BODY = 8 << 20;

  private final MasterOptions options;
  private final MasterLoop loop;
  private final WebServer server;
  private final Faults faults = new Faults();
  private final AtomicReference<Optional<MasterInfo>> leader =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Instant> elected = new AtomicReference<>(Instant.EPOCH);
  private final CountDownLatch assembled = new CountDownLatch(1);
  private final MasterInfo info;
  private final Rooms rooms;
  private final Optional<LeaderElection> election;
  private final Consumer<Master> whenElected;

  /** The parts that share the master's thread. */
  private record Rooms(
      ClusterState state,
      Offers offers,
      FrameworkLife frameworks,
      Maintenance maintenance,
      AgentLife agents,
      AgentStreams lines,
      SchedulerApi schedulers,
      OperatorApi operators,
      MasterMetrics metrics,
      Pages pages) {}

  private Master(MasterOptions options, Consumer<Master> whenElected) throws IOException {
    this.options = options;
    this.whenElected = whenElected;
    Optional<Credentials> credentials = Optional.empty();
    if (options.credentials().isPresent()) {
      credentials = Optional.of(Credentials.read(options.credentials().get()));
    }
    this.loop = new MasterLoop("mesos-master");
    try {
      this.server = serve();
    } catch (IOException e) {
      loop.close();
      throw e;
    }
    this.info = describe(server.port());
    this.rooms = assemble(credentials);
    assembled.countDown();
    loop.every(options.allocationInterval(), this::round);
    loop.every(AgentLife.PING_CHECK, rooms.agents()::checkPings);
    election =
        options
            .leaderElection()
            .map(path -> new LeaderElection(path, info, loop, this::leaderChanged));
    if (election.isPresent()) {
      election.get().start();
    } else {
      leaderChanged(Optional.of(info));
    }
  }

  /**
   * Starts a master.
   *
   * @throws IOException if the address cannot be bound or the credentials cannot be read; the
   *     message names which
   */
  public static Master start(MasterOptions options) throws IOException {
    return start(options, elected -> {});
  }

  /**
   * As {@link #start(MasterOptions)}.
   *
   * @param whenElected is called on the master's thread whenever it begins to lead; must not wait
   */
  public static Master start(MasterOptions options, Consumer<Master> whenElected)
      throws IOException {
    return new Master(options, whenElected);
  }

  private Rooms assemble(Optional<Credentials> credentials) {
    Instant started = Instant.now();
    ClusterState state = new ClusterState(info, Clock.systemUTC(), options.registry());
    Offers offers = new Offers(state, loop, options);
    AgentRemoval removal = new AgentRemoval(state, offers);
    Maintenance maintenance = new Maintenance(state, options, offers, removal);
    FrameworkLife frameworks = new FrameworkLife(state, loop, options, offers);
    AgentLife agents = new AgentLife(state, options, offers, frameworks, maintenance, removal);
    Reservations reservations = new Reservations(state, offers);
    SchedulerCalls calls =
        new SchedulerCalls(state, offers, reservations, frameworks, agents, maintenance);
    CallCounts counts = new CallCounts();
    MasterMetrics metrics = new MasterMetrics(state, offers, counts, started);
    Map<String, String> flags = flags();
    OperatorView view =
        new OperatorView(
            state, offers.fairness(), metrics, Build.current(), flags, started, elected::get);
    return new Rooms(
        state,
        offers,
        frameworks,
        maintenance,
        agents,
        new AgentStreams(loop, agents, new QueuedMasterLink(loop, agents)),
        new SchedulerApi(loop, state, credentials, frameworks, calls, faults, counts),
        new OperatorApi(loop, state, frameworks, removal, maintenance, offers, reservations, view),
        metrics,
        new Pages(
            state, Build.current(), flags, started, elected::get, () -> leader.get().orElse(info)));
  }

  private MasterInfo describe(int port) {
    MasterInfo.Builder described =
        MasterInfo.newBuilder()
            .setId(UUID.randomUUID().toString())
            .setIp(LeaderElection.packed(options.host()))
            .setPort(port)
            .setPid("master@" + options.host() + ":" + port)
            .setHostname(options.hostname())
            .setVersion(Build.current().version())
            .setAddress(
                Address.newBuilder()
                    .setHostname(options.hostname())
                    .setIp(options.host())
                    .setPort(port));
    options.domain().ifPresent(described::setDomain);
    for (MasterInfo.Capability.Type type :
        List.of(
            MasterInfo.Capability.Type.AGENT_UPDATE, MasterInfo.Capability.Type.AGENT_DRAINING)) {
      described.addCapabilities(MasterInfo.Capability.newBuilder().setType(type));
    }
    return described.build();
  }

  private Map<String, String> flags() {
    Map<String, String> flags = new TreeMap<>();
    flags.put("agent_ping_timeout", secs(options.agentPingTimeout()));
    flags.put("max_agent_ping_timeouts", String.valueOf(options.maxAgentPingTimeouts()));
    flags.put("allocation_interval", secs(options.allocationInterval()));
    flags.put("authenticate_http_frameworks", String.valueOf(options.credentials().isPresent()));
    flags.put("hostname", options.hostname());
    flags.put("ip", options.host());
    flags.put("port", String.valueOf(info.getPort()));
    flags.put("registry", options.registry().isPresent() ? "replicated_log" : "in_memory");
    options.offerTimeout().ifPresent(timeout -> flags.put("offer_timeout", secs(timeout)));
    options.domain().ifPresent(domain -> flags.put("domain", MesosJson.print(domain)));
    options
        .leaderElection()
        .ifPresent(path -> flags.put("zk", "zk://" + path.connectString() + path.path()));
    return flags;
  }

  private static String secs(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "secs"
        : duration.toMillis() + "ms";
  }

  private WebServer serve() throws IOException {
    WebServer.Builder builder =
        WebServer.builder()
            .name("mesos-master-http")
            .host(options.host())
            .maxBody(MAX_BODY)
            .threads(8);
    for (String prefix : List.of("", "/master")) {
      builder
          .route(
              "*", prefix + "/api/v1/scheduler", posted((q, r) -> rooms.schedulers().handle(q, r)))
          .route("*", prefix + "/api/v1", posted((q, r) -> rooms.operators().handle(q, r)))
          .route("*", prefix + "/redirect", ready(this::redirectHome))
          .route("*", prefix + "/health", (q, r) -> r.sendEmpty())
          .route("*", prefix + "/state", page(() -> rooms.pages().state()))
          .route("*", prefix + "/state.json", page(() -> rooms.pages().state()))
          .route("*", prefix + "/slaves", page(() -> rooms.pages().slaves()))
          .route("*", prefix + "/frameworks", page(() -> rooms.pages().frameworks()))
          .route("*", prefix + "/tasks", page(() -> rooms.pages().tasks()));
    }
    builder
        .route("POST", MasterCalls.PATH, led((q, r) -> rooms.lines().register(q, r)))
        .route("POST", MasterCalls.PATH + "/{stream}", led((q, r) -> rooms.lines().hear(q, r)))
        .route(
            "GET", "/", led((q, r) -> r.sendHtml(FrontPage.html(loop.call(this::frameworkPage)))))
        .route("*", "/version", ready((q, r) -> send(r, rooms.pages().version())))
        .route("*", "/metrics/snapshot", ready((q, r) -> send(r, loop.call(this::metrics))))
        .route(
            "*",
            "/{path*}",
            (q, r) -> {
              throw new HttpError(404, "404 Not Found.");
            });
    return FreePort.listen(options.port(), port -> builder.port(port).start());
  }

  private JsonNode frameworkPage() {
    return rooms.pages().frameworks();
  }

  private ObjectNode metrics() {
    ObjectNode node = MesosJson.object();
    rooms.metrics().snapshot().forEach((name, value) -> node.set(name, MesosJson.number(value)));
    return node;
  }

  /** Requests wait the moment until the master is put together behind its open port. */
  private RequestHandler ready(RequestHandler handler) {
    return (request, response) -> {
      assembled.await();
      handler.handle(request, response);
    };
  }

  private RequestHandler posted(RequestHandler handler) {
    return led(
        (request, response) -> {
          if (!request.method().equals("POST")) {
            throw new HttpError(
                405,
                "405 Method Not Allowed. Expecting one of { 'POST' }, but received '"
                    + request.method()
                    + "'.",
                Map.of("Allow", "POST"));
          }
          handler.handle(request, response);
        });
  }

  private RequestHandler page(Supplier<JsonNode> page) {
    return led((request, response) -> send(response, loop.call(page::get)));
  }

  private static void send(WebResponse response, JsonNode page) {
    response.send("application/json", MesosJson.write(page));
  }

  /** Only the leader answers; others point to it. */
  private RequestHandler led(RequestHandler handler) {
    return ready(
        (request, response) -> {
          if (isLeading()) {
            handler.handle(request, response);
          } else {
            String path = request.path();
            redirect(response, path.startsWith("/master/") ? path : "/master" + path);
          }
        });
  }

  private void redirectHome(WebRequest request, WebResponse response) {
    redirect(response, "");
  }

  /** 307 to the leader; its Location has no scheme (zookeeper-leader.jsonl). */
  private void redirect(WebResponse response, String path) {
    MasterInfo target = leader.get().orElseThrow(() -> new HttpError(503, "No leader elected"));
    response
        .status(307)
        .header("Location", "//" + target.getHostname() + ":" + target.getPort() + path)
        .sendEmpty();
  }

  private void leaderChanged(Optional<MasterInfo> now) {
    boolean led = isLeading();
    boolean leads = now.filter(this::isThis).isPresent();
    if (!led && leads) {
      // Before anybody is served.
      loop.execute(rooms.state()::recover);
    }
    leader.set(now);
    if (!led && leads) {
      elected.set(Instant.now());
      loop.execute(() -> whenElected.accept(this));
    }
    if (led && !leads) {
      // A real master ends its process here; what it knew is of no use to the next leader.
      loop.execute(this::abdicate);
    }
  }

  private boolean isThis(MasterInfo other) {
    return other.getId().equals(info.getId());
  }

  private void abdicate() {
    for (var framework : List.copyOf(rooms.state().frameworks.values())) {
      framework.stream().ifPresent(EventStream::close);
    }
    rooms.state().forgetAll();
    rooms.lines().close();
  }

  private void round() {
    if (isLeading()) {
      rooms.offers().allocate();
      rooms.maintenance().askBack();
    }
  }

  /** True if callers are served here. */
  public boolean isLeading() {
    return leader.get().filter(this::isThis).isPresent();
  }

  /** Who this master is; its id is the prefix of the ids that it gives. */
  public MasterInfo info() {
    return info;
  }

  /** The port that is listened on. */
  public int port() {
    return server.port();
  }

  /** Where agents report. */
  public MasterLink link() {
    return new QueuedMasterLink(loop, rooms.agents());
  }

  /** Faults between this master and frameworks. */
  public Faults faults() {
    return faults;
  }

  /**
   * Cuts a framework's event stream from this side; to the framework it looks like a broken
   * connection.
   *
   * @return false if no such framework is connected
   */
  public boolean cutStream(FrameworkID framework) throws Exception {
    return loop.call(
        () -> {
          Optional<EventStream> stream =
              rooms.state().framework(framework).flatMap(Framework::stream);
          stream.ifPresent(EventStream::close);
          return stream.isPresent();
        });
  }

  /** The frameworks that are registered, connected or not, by the order of their coming. */
  public List<FrameworkID> frameworks() throws Exception {
    return loop.call(() -> List.copyOf(rooms.state().frameworks.keySet()));
  }

  /** How many agents are registered and connected. */
  public int connectedAgents() throws Exception {
    return loop.call(
        () -> (int) rooms.state().agents.values().stream().filter(Agent::isConnected).count());
  }

  /**
   * As a process dies: first nobody is served any more, then the node in ZooKeeper goes. It does
   * not lead any more then.
   */
  @Override
  public void close() {
    server.close();
    election.ifPresent(LeaderElection::close);
    loop.close();
    // Last, for until then the loop may be at being elected.
    leader.set(Optional.empty());
  }
}
