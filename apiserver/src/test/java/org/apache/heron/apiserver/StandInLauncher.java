package org.apache.heron.apiserver;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerResponse;
import org.apache.heron.proto.system.Common.Status;
import org.apache.heron.proto.system.Common.StatusCode;
import org.apache.heron.proto.system.PhysicalPlans.PhysicalPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.web.WebServer;

/**
 * A launcher whose schedulers are a web server each in this JVM that says all containers run, and
 * withdraws when it is told to kill.
 */
public final class StandInLauncher implements ILauncher {
  private static final Map<String, WebServer> SCHEDULERS = new ConcurrentHashMap<>();
  private static final List<WebServer> ENDED = new CopyOnWriteArrayList<>();
  private static final List<String> CALLS = new CopyOnWriteArrayList<>();
  private static volatile Optional<CountDownLatch> held = Optional.empty();
  private static volatile String broken = "";

  private LaunchContext context;

  /** For reflection. */
  public StandInLauncher() {}

  static void reset() {
    SCHEDULERS.values().forEach(WebServer::close);
    SCHEDULERS.clear();
    ENDED.forEach(WebServer::close);
    ENDED.clear();
    CALLS.clear();
    held = Optional.empty();
    broken = "";
  }

  static List<String> calls() {
    return CALLS;
  }

  /** Launches do not end until the latch is down. */
  static void hold(CountDownLatch latch) {
    held = Optional.of(latch);
  }

  static void breakWith(String message) {
    broken = message;
  }

  /** The scheduler's process dies. */
  static void crash(String topology) {
    SCHEDULERS.remove(topology).close();
  }

  @Override
  public void initialize(LaunchContext launchContext) {
    context = launchContext;
  }

  @Override
  public void launch(PackingPlan plan) {
    CALLS.add("launch " + name() + " in " + context.local().string("heron.topology.package.file"));
    if (!broken.isEmpty()) {
      throw new SchedulerException(broken);
    }
    publish(plan);
    if (held.isPresent()) {
      try {
        held.get().await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SchedulerException("interrupted", e);
      }
    }
  }

  private void publish(PackingPlan plan) {
    IStateManager state = context.state();
    StringBuilder containers = new StringBuilder(container(0));
    plan.containers().forEach(each -> containers.append(',').append(container(each.id())));
    String status =
        "{\"topology\":\""
            + name()
            + "\",\"phase\":\"RUNNING\",\"containers\":["
            + containers
            + "]}";
    String topology = name();
    try {
      WebServer server =
          WebServer.builder()
              .route(
                  "GET",
                  "/api/v1/status",
                  (request, response) ->
                      response.send("application/json", status.getBytes(StandardCharsets.UTF_8)))
              .route(
                  "GET",
                  "/api/v1/explain",
                  (request, response) ->
                      response.sendJson(
                          new Explanation(
                              topology,
                              1,
                              SchedulerStatus.Phase.RUNNING,
                              "",
                              new Explanation.Market("OPEN", 0, 1, 1, 1),
                              List.of(),
                              List.of())))
              .route(
                  "POST",
                  "/{command}",
                  (request, response) -> {
                    CALLS.add(request.pathParameter("command") + " " + topology);
                    if (request.path().equals("/kill")) {
                      withdraw(topology);
                    }
                    response.send("application/octet-stream", ok());
                  })
              .start();
      SCHEDULERS.put(topology, server);
      state.put(
          StateKind.SCHEDULER_LOCATION,
          topology,
          SchedulerLocation.newBuilder()
              .setTopologyName(topology)
              .setHttpEndpoint("127.0.0.1:" + server.port())
              .addJobPageLink("http://127.0.0.1/jobs/" + topology)
              .build());
      state.put(
          StateKind.PHYSICAL_PLAN,
          topology,
          PhysicalPlan.newBuilder().setTopology(context.topology()).build());
    } catch (java.io.IOException e) {
      throw new SchedulerException(e.getMessage(), e);
    }
  }

  // As a scheduler's process does when it ends; the server goes on until its answer was heard.
  private void withdraw(String topology) {
    ENDED.add(SCHEDULERS.remove(topology));
    try (IStateManager state = Plugins.standard().stateManager(context.local())) {
      state.initialize(context.local());
      state.delete(StateKind.SCHEDULER_LOCATION, topology);
    }
  }

  private static byte[] ok() {
    return SchedulerResponse.newBuilder()
        .setStatus(Status.newBuilder().setStatus(StatusCode.OK).setMessage(""))
        .build()
        .toByteArray();
  }

  private static String container(int id) {
    return "{\"id\":" + id + ",\"state\":\"RUNNING\",\"taskId\":\"t" + id + "\",\"attempt\":1}";
  }

  private String name() {
    return context.topology().getName();
  }

  @Override
  public boolean startedHere() {
    return true;
  }

  @Override
  public boolean resume(PackingPlan plan) {
    CALLS.add("resume " + name());
    publish(plan);
    return true;
  }

  @Override
  public Explanation survey(PackingPlan plan) {
    if (!broken.isEmpty()) {
      throw new SchedulerException(broken);
    }
    return new Explanation(
        name(),
        1,
        SchedulerStatus.Phase.REGISTERING,
        "",
        new Explanation.Market("OPEN", 0, 1, 1, 1),
        List.of(),
        List.of());
  }

  @Override
  public void cleanUp() {}

  @Override
  public void close() {}
}
