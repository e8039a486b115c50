package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.RequestHandler;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.heron.web.WebServer;

/**
 * A Nomad server for tests: it takes, refuses, places and remembers jobs as Nomad does, as far as a
 * topology's commands can see. What its nodes do is played, or really done, by its {@link
 * World.Tasks}.
 */
public final class StandInNomad implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String NAMESPACE = "default";
  private static final String REGION = "global";

  /** By namespace and region: a call sees one of them. */
  private final Map<String, World> worlds = new LinkedHashMap<>();

  private final int port;
  private WebServer server;
  private Optional<Socket> reserved = Optional.empty();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private volatile Optional<String> token = Optional.empty();
  private volatile boolean listsMeta = true;
  private volatile boolean deploysOnlyWhenAsked;
  private final AtomicBoolean losesAnswer = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Of requests that begin so, the one after some that go well is answered by that. */
  private record Fault(
      String request, AtomicInteger after, int status, String text, boolean lasting) {

    /** True if this request, of those that begin so, is the one. */
    boolean isNow() {
      int left = after.getAndDecrement();
      return left == 0 || (left < 0 && lasting);
    }
  }

  /**
   * Begins to answer.
   *
   * @param tasks what its nodes do
   */
  public StandInNomad(World.Tasks tasks) throws IOException {
    for (String namespace : List.of(NAMESPACE, "analytics")) {
      for (String region : List.of(REGION, "europe")) {
        worlds.put(namespace + " " + region, new World(tasks));
      }
    }
    server = listen(0);
    port = server.port();
  }

  private WebServer listen(int on) throws IOException {
    return WebServer.builder()
        .name("stand-in-nomad")
        .port(on)
        .threads(12)
        .maxBody(16 << 20)
        .route("GET", "/v1/jobs", answer((request, r) -> r.sendJson(list(request))))
        .route("PUT", "/v1/jobs", answer(this::register))
        .route("POST", "/v1/jobs", answer(this::register))
        .route("GET", "/v1/job/{id}", answer((request, r) -> r.sendJson(known(request))))
        .route("DELETE", "/v1/job/{id}", answer(this::deregister))
        .route(
            "GET",
            "/v1/job/{id}/allocations",
            answer((request, r) -> r.sendJson(world(request).stubs(request.pathParameter("id")))))
        .route(
            "GET",
            "/v1/job/{id}/evaluations",
            answer(
                (request, r) ->
                    r.sendJson(world(request).evaluationsOf(request.pathParameter("id")))))
        .route("GET", "/v1/allocation/{id}", answer((request, r) -> r.sendJson(one(request))))
        .route("GET", "/v1/nodes", answer((request, r) -> r.sendJson(world(request).clients())))
        .route("GET", "/v1/status/leader", answer((request, r) -> r.sendJson("127.0.0.1:4647")))
        .route(
            "GET",
            "/v1/agent/self",
            answer(
                (request, r) ->
                    r.sendJson(Map.of("config", Map.of("Version", Map.of("Version", "1.8.4"))))))
        .route("POST", "/v1/job/{id}/plan", answer(this::plan))
        .start();
  }

  /** As its address is configured. */
  public String uri() {
    return "http://127.0.0.1:" + port;
  }

  /** From now on connections are refused. Its nodes go on. */
  public synchronized void stopListening() throws IOException {
    if (reserved.isPresent()) {
      return;
    }
    server.close();
    // Bound, but listening to nobody, so that no other program of this machine gets the port.
    Socket socket = new Socket();
    reserved = Optional.of(socket);
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** Connections are taken again. */
  public synchronized void listenAgain() throws IOException {
    if (reserved.isPresent()) {
      server = listen(port);
      reserved.get().close();
      reserved = Optional.empty();
    }
  }

  /** Of the namespace and the region that calls without any see. */
  World world() {
    return world(NAMESPACE, REGION);
  }

  World world(String namespace, String region) {
    return worlds.get(namespace + " " + region);
  }

  private World world(WebRequest request) {
    String namespace = request.query("namespace").orElse(NAMESPACE);
    String region = request.query("region").orElse(REGION);
    if (worlds.keySet().stream().noneMatch(name -> name.startsWith(namespace + " "))) {
      throw new HttpError(500, "nonexistent namespace \"" + namespace + "\"");
    }
    return Optional.ofNullable(world(namespace, region))
        .orElseThrow(() -> new HttpError(500, "No path to region"));
  }

  /** The ids of the registered jobs. */
  public List<String> jobs() {
    return world().jobs("").stream().map(job -> job.path("ID").asText()).toList();
  }

  /** The port that the running task of a job has got for that label. */
  public int port(String jobId, String label) {
    return world().allocationsOf(jobId).stream()
        .filter(each -> each.desired.equals("run"))
        .findFirst()
        .orElseThrow()
        .ports
        .get(label);
  }

  /** True if the job's running task has a service, and answers at the ports of all its checks. */
  public boolean passesChecks(String jobId) {
    return world().passesChecks(jobId);
  }

  /** The allocation that runs of each job whose id begins so. */
  public Map<String, String> running(String prefix) {
    return world().running(prefix);
  }

  /** It has a client more. */
  public StandInNomad with(Node node) {
    worlds.values().forEach(world -> world.add(node));
    return this;
  }

  /** It is open only to who has that. */
  void requireToken(String secret) {
    token = Optional.of(secret);
  }

  /** As versions before 1.6 do. */
  void doesNotListMeta() {
    listsMeta = false;
  }

  /** As versions before 0.10 do: every deployment is asked for, and 0 is no number for one. */
  void deploysOnlyWhenAsked() {
    deploysOnlyWhenAsked = true;
    worlds.values().forEach(World::deploysOnlyWhenAsked);
  }

  /** Answers one request that begins so (method and path) by that. */
  void failOnce(String request, int after, int status, String text) {
    faults.add(new Fault(request, new AtomicInteger(after), status, text, false));
  }

  /** Answers all requests that begin so by that; status 0: not at all. */
  void failAlways(String request, int after, int status, String text) {
    faults.add(new Fault(request, new AtomicInteger(after), status, text, true));
  }

  void recover() {
    faults.clear();
  }

  /** Method and path of every request. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private RequestHandler answer(RequestHandler handler) {
    return (request, response) -> {
      String line = request.method() + " " + request.path();
      requests.add(line);
      fault(line);
      if (token.isPresent()) {
        String given =
            request
                .header("X-Nomad-Token")
                .orElseThrow(() -> new HttpError(403, "Permission denied"));
        if (!given.equals(token.get())) {
          throw new HttpError(403, "ACL token not found");
        }
      }
      world(request);
      handler.handle(request, response);
    };
  }

  private void fault(String line) throws InterruptedException {
    for (Fault fault : faults) {
      if (!line.startsWith(fault.request()) || !fault.isNow()) {
        continue;
      }
      if (fault.status() == 0) {
        closed.await();
        throw new HttpError(500, "too late");
      }
      throw new HttpError(fault.status(), fault.text());
    }
  }

  private List<Map<String, Object>> list(WebRequest request) {
    List<Map<String, Object>> stubs = new ArrayList<>();
    boolean meta = listsMeta && request.query("meta").filter("true"::equals).isPresent();
    World world = world(request);
    for (ObjectNode job : world.jobs(request.query("prefix").orElse(""))) {
      String id = job.path("ID").asText();
      Map<String, Object> stub = new LinkedHashMap<>();
      stub.put("ID", id);
      stub.put("Name", job.path("Name").asText());
      stub.put("Type", job.path("Type").asText());
      stub.put("Status", job.path("Status").asText());
      stub.put("Stop", job.path("Stop").asBoolean());
      stub.put("ModifyIndex", job.path("ModifyIndex").asLong());
      stub.put("JobModifyIndex", job.path("JobModifyIndex").asLong());
      stub.put("JobSummary", Map.of("JobID", id, "ModifyIndex", world.modifyIndex(id)));
      if (meta) {
        stub.put("Meta", job.path("Meta"));
      }
      stubs.add(stub);
    }
    return stubs;
  }

  private Map<String, Object> one(WebRequest request) {
    return world(request)
        .allocation(request.pathParameter("id"))
        .orElseThrow(() -> new HttpError(404, "alloc not found"));
  }

  private JsonNode known(WebRequest request) {
    return world(request)
        .job(request.pathParameter("id"))
        .orElseThrow(() -> new HttpError(404, "job not found"));
  }

  /** The next job is registered, and nobody hears of it. */
  void loseAnswerOnce() {
    losesAnswer.set(true);
  }

  private void register(WebRequest request, WebResponse response) throws InterruptedException {
    JsonNode body = read(request);
    ObjectNode job = (ObjectNode) body.path("Job");
    World world = world(request);
    world
        .register(job, body.path("EnforceIndex").asBoolean(), body.path("JobModifyIndex").asLong())
        .ifPresent(
            problem -> {
              throw new HttpError(500, problem);
            });
    if (losesAnswer.getAndSet(false)) {
      closed.await();
    }
    response.sendJson(
        Map.of("EvalID", "e", "JobModifyIndex", known(world, job), "Warnings", "", "Index", 1));
  }

  private static long known(World world, JsonNode job) {
    return world
        .job(job.path("ID").asText())
        .map(stored -> stored.path("JobModifyIndex").asLong())
        .orElse(0L);
  }

  private void deregister(WebRequest request, WebResponse response) {
    world(request)
        .deregister(
            request.pathParameter("id"), request.query("purge").filter("true"::equals).isPresent());
    response.sendJson(Map.of("EvalID", "e", "JobModifyIndex", 1, "Index", 1));
  }

  private void plan(WebRequest request, WebResponse response) {
    JsonNode job = read(request).path("Job");
    if (!job.path("ID").asText().equals(request.pathParameter("id"))) {
      throw new HttpError(400, "Job ID does not match");
    }
    Map<String, Object> plan = new LinkedHashMap<>();
    plan.put("FailedTGAllocs", world(request).plan(job));
    plan.put("Warnings", "");
    response.sendJson(plan);
  }

  private JsonNode read(WebRequest request) {
    JsonNode body;
    try {
      body = JSON.readTree(request.body());
    } catch (JsonProcessingException e) {
      throw new HttpError(400, "invalid character in JSON");
    } catch (IOException e) {
      throw new HttpError(400, "EOF");
    }
    JobRules.malformed(body)
        .ifPresent(
            problem -> {
              throw new HttpError(400, problem);
            });
    JobRules.invalid(body.path("Job"), deploysOnlyWhenAsked)
        .ifPresent(
            problem -> {
              throw new HttpError(500, problem);
            });
    return body;
  }

  @Override
  public synchronized void close() {
    closed.countDown();
    server.close();
  }
}
