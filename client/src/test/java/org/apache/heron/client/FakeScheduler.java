package org.apache.heron.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.apache.heron.proto.scheduler.Scheduler.RestartTopologyRequest;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerResponse;
import org.apache.heron.proto.scheduler.Scheduler.UpdateTopologyRequest;
import org.apache.heron.proto.system.Common.Status;
import org.apache.heron.proto.system.Common.StatusCode;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/** A scheduler's HTTP side: it answers as it is told, and withdraws its location when killed. */
public final class FakeScheduler implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile String status = running();
  private volatile String refusal = "";
  private volatile OptionalInt failure = OptionalInt.empty();
  private volatile boolean stopped;
  private volatile Runnable onKill = () -> {};
  private volatile Consumer<UpdateTopologyRequest> onUpdate = request -> {};
  private volatile String explanation = "";
  private volatile CountDownLatch held = new CountDownLatch(0);
  private final List<UpdateTopologyRequest> updates = new CopyOnWriteArrayList<>();

  public FakeScheduler() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  public static String running() {
    return status("RUNNING", "", container(0, "RUNNING", 1, ""), container(1, "RUNNING", 1, ""));
  }

  public static String status(String phase, String problem, String... containers) {
    return statusOf("words", "words-0001", phase, problem, containers);
  }

  public static String statusOf(
      String topology, String id, String phase, String problem, String... containers) {
    return "{\"topology\":\""
        + topology
        + "\",\"topologyId\":\""
        + id
        + "\",\"phase\":\""
        + phase
        + "\",\"frameworkId\":\"f\",\"master\":\"m\",\"problem\":\""
        + problem
        + "\",\"containers\":["
        + String.join(",", containers)
        + "]}";
  }

  public static String container(int id, String state, int attempt, String reason) {
    return "{\"id\":"
        + id
        + ",\"state\":\""
        + state
        + "\",\"attempt\":"
        + attempt
        + ",\"reason\":\""
        + reason
        + "\",\"ports\":{}}";
  }

  public static String task(int id, String state, String taskId) {
    return container(id, state, 1, "")
        .replace("\"attempt\"", "\"taskId\":\"" + taskId + "\",\"attempt\"");
  }

  /** A status that says that these containers, and no others, are still to be restarted. */
  public static String renewing(String status, Integer... ids) {
    return status.substring(0, status.length() - 1) + ",\"renewing\":" + List.of(ids) + "}";
  }

  /** Commands are answered only when it goes on. */
  public void holdCommands() {
    held = new CountDownLatch(1);
  }

  public void goOn() {
    held.countDown();
  }

  public void explain(String json) {
    explanation = json;
  }

  public List<UpdateTopologyRequest> updates() {
    return updates;
  }

  /** Empty: it has no status to ask for, as upstream's. */
  public void say(String json) {
    status = json;
  }

  public void refuse(String message) {
    refusal = message;
  }

  /** Answers commands by that status of HTTP; 0: breaks the connection off. */
  public void failCommands(int httpStatus) {
    failure = OptionalInt.of(httpStatus);
  }

  /** It leads no longer, and does not know what becomes of its commands. */
  public void leadsNoLonger(String message) {
    stopped = true;
    refusal = message;
  }

  /** What it does with an update, before it answers or breaks off. */
  void onUpdate(Consumer<UpdateTopologyRequest> what) {
    onUpdate = what;
  }

  public List<String> requests() {
    return requests;
  }

  public String endpoint() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  void publish(IStateManager state, String topology) {
    state.put(
        StateKind.SCHEDULER_LOCATION,
        topology,
        SchedulerLocation.newBuilder()
            .setTopologyName(topology)
            .setHttpEndpoint(endpoint())
            .addJobPageLink("http://master/frameworks/f")
            .build());
    onKill = () -> state.delete(StateKind.SCHEDULER_LOCATION, topology);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/api/v1/status") && !status.isEmpty()) {
      send(exchange, 200, status.getBytes(StandardCharsets.UTF_8));
      return;
    }
    if (path.startsWith("/api/")) {
      boolean known = path.equals("/api/v1/explain") && !explanation.isEmpty();
      byte[] bytes = explanation.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(known ? 200 : 404, known ? bytes.length : -1);
      if (known) {
        exchange.getResponseBody().write(bytes);
      }
      exchange.close();
      return;
    }
    if (path.equals("/update")) {
      updates.add(UpdateTopologyRequest.parseFrom(body));
    }
    requests.add(
        path.equals("/restart")
            ? exchange.getRequestURI()
                + " "
                + RestartTopologyRequest.parseFrom(body).getContainerIndex()
            : exchange.getRequestURI().toString());
    try {
      held.await();
    } catch (InterruptedException e) {
      exchange.close();
      return;
    }
    if (path.equals("/update")) {
      onUpdate.accept(updates.get(updates.size() - 1));
    }
    if (failure.isPresent()) {
      if (failure.getAsInt() > 0) {
        exchange.sendResponseHeaders(failure.getAsInt(), -1);
      }
      exchange.close();
      return;
    }
    boolean refused = !refusal.isEmpty();
    if (path.equals("/kill") && !refused) {
      onKill.run();
    }
    send(
        exchange,
        stopped ? 503 : 200,
        SchedulerResponse.newBuilder()
            .setStatus(
                Status.newBuilder()
                    .setStatus(refused ? StatusCode.NOTOK : StatusCode.OK)
                    .setMessage(refusal))
            .build()
            .toByteArray());
  }

  private static void send(HttpExchange exchange, int code, byte[] bytes) throws IOException {
    exchange.sendResponseHeaders(code, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
