package org.apache.heron.minicluster.operator;

import com.google.protobuf.Duration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.heron.minicluster.resources.Reserved;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.MachineID;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.Protos.Unavailability;
import org.apache.mesos.v1.Protos.WeightInfo;
import org.apache.mesos.v1.maintenance.Protos.ClusterStatus;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.maintenance.Protos.Window;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;

/**
 * The operator's calls ({@code POST /api/v1}) that change a cluster under a framework's feet:
 * maintenance, draining, reservations, weights. It speaks to any Mesos master, so that a test that
 * uses it runs on a real cluster too. Every call throws {@link OperatorException} if the master
 * refuses, with the master's own text. Thread-safe; calls block, for a minute at most.
 */
public final class Operator {
  private static final java.time.Duration LIMIT = java.time.Duration.ofMinutes(1);
  private static final String MEDIA = "application/x-protobuf";

  private final Supplier<String> master;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(LIMIT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  /**
   * @param master {@code host:port} of a master, asked for before each call
   */
  public Operator(Supplier<String> master) {
    this.master = master;
  }

  /** Sends any call. */
  public Response send(Call call) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + master.get() + "/api/v1"))
            .timeout(LIMIT)
            .header("Content-Type", MEDIA)
            .header("Accept", MEDIA)
            .POST(HttpRequest.BodyPublishers.ofByteArray(call.toByteArray()))
            .build();
    HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() / 100 != 2) {
      throw new OperatorException(
          call.getType().name(),
          answer.statusCode(),
          new String(answer.body(), StandardCharsets.UTF_8));
    }
    return answer.body().length == 0
        ? Response.getDefaultInstance()
        : Response.parseFrom(answer.body());
  }

  private static Call.Builder call(Call.Type type) {
    return Call.newBuilder().setType(type);
  }

  // ---- agents ----

  /** The agents that are registered. */
  public List<Response.GetAgents.Agent> agents() throws IOException, InterruptedException {
    return send(call(Call.Type.GET_AGENTS).build()).getGetAgents().getAgentsList();
  }

  /** The registered agent of that name; empty if there is none. */
  public Optional<Response.GetAgents.Agent> agent(String hostname)
      throws IOException, InterruptedException {
    return agents().stream()
        .filter(agent -> agent.getAgentInfo().getHostname().equals(hostname))
        .findFirst();
  }

  /** The id of the registered agent of that name. */
  public AgentID agentId(String hostname) throws IOException, InterruptedException {
    return known(hostname).getAgentInfo().getId();
  }

  private Response.GetAgents.Agent known(String hostname) throws IOException, InterruptedException {
    return agent(hostname)
        .orElseThrow(() -> new IOException("no agent " + hostname + " is registered"));
  }

  /**
   * Kills the agent's tasks and offers it no more.
   *
   * @param grace the longest that a task may take to end; empty for as long as each asks
   * @param thenGone whether the agent is marked gone when it is drained
   */
  public void drain(AgentID agent, Optional<java.time.Duration> grace, boolean thenGone)
      throws IOException, InterruptedException {
    Call.DrainAgent.Builder drain =
        Call.DrainAgent.newBuilder().setAgentId(agent).setMarkGone(thenGone);
    grace.ifPresent(
        time ->
            drain.setMaxGracePeriod(
                Duration.newBuilder().setSeconds(time.getSeconds()).setNanos(time.getNano())));
    send(call(Call.Type.DRAIN_AGENT).setDrainAgent(drain).build());
  }

  /** Offers the agent no more; its tasks run on. */
  public void deactivate(AgentID agent) throws IOException, InterruptedException {
    send(
        call(Call.Type.DEACTIVATE_AGENT)
            .setDeactivateAgent(Call.DeactivateAgent.newBuilder().setAgentId(agent))
            .build());
  }

  /** Offers an agent again that was drained or deactivated. */
  public void reactivate(AgentID agent) throws IOException, InterruptedException {
    send(
        call(Call.Type.REACTIVATE_AGENT)
            .setReactivateAgent(Call.ReactivateAgent.newBuilder().setAgentId(agent))
            .build());
  }

  /** Says that the agent never comes back. */
  public void markGone(AgentID agent) throws IOException, InterruptedException {
    send(
        call(Call.Type.MARK_AGENT_GONE)
            .setMarkAgentGone(Call.MarkAgentGone.newBuilder().setAgentId(agent))
            .build());
  }

  // ---- maintenance ----

  /** How Mesos knows the machine of a registered agent: by hostname and address. */
  public MachineID machine(String hostname) throws IOException, InterruptedException {
    String pid = known(hostname).getPid();
    String address = pid.substring(pid.indexOf('@') + 1, pid.lastIndexOf(':'));
    return MachineID.newBuilder().setHostname(hostname).setIp(address).build();
  }

  /** One window for the machines of those agents; replaces the schedule that was. */
  public void maintain(Instant start, java.time.Duration length, String... hostnames)
      throws IOException, InterruptedException {
    schedule(List.of(window(start, length, hostnames)));
  }

  /** A window for the machines of those agents. */
  public Window window(Instant start, java.time.Duration length, String... hostnames)
      throws IOException, InterruptedException {
    long nanoseconds = start.getEpochSecond() * 1_000_000_000L + start.getNano();
    return Window.newBuilder()
        .addAllMachineIds(machines(hostnames))
        .setUnavailability(
            Unavailability.newBuilder()
                .setStart(TimeInfo.newBuilder().setNanoseconds(nanoseconds))
                .setDuration(DurationInfo.newBuilder().setNanoseconds(length.toNanos())))
        .build();
  }

  private List<MachineID> machines(String... hostnames) throws IOException, InterruptedException {
    List<MachineID> machines = new ArrayList<>();
    for (String hostname : hostnames) {
      machines.add(machine(hostname));
    }
    return machines;
  }

  /** Replaces the schedule of maintenance; an empty one ends it. */
  public void schedule(List<Window> windows) throws IOException, InterruptedException {
    send(
        call(Call.Type.UPDATE_MAINTENANCE_SCHEDULE)
            .setUpdateMaintenanceSchedule(
                Call.UpdateMaintenanceSchedule.newBuilder()
                    .setSchedule(Schedule.newBuilder().addAllWindows(windows)))
            .build());
  }

  /** What frameworks have answered to inverse offers, and which machines are down. */
  public ClusterStatus maintenance() throws IOException, InterruptedException {
    return send(call(Call.Type.GET_MAINTENANCE_STATUS).build())
        .getGetMaintenanceStatus()
        .getStatus();
  }

  /** Takes machines down that are in a window: their agents are sent away. */
  public void machinesDown(List<MachineID> machines) throws IOException, InterruptedException {
    send(
        call(Call.Type.START_MAINTENANCE)
            .setStartMaintenance(Call.StartMaintenance.newBuilder().addAllMachines(machines))
            .build());
  }

  /** Takes machines up again, out of their windows: their agents may register. */
  public void machinesUp(List<MachineID> machines) throws IOException, InterruptedException {
    send(
        call(Call.Type.STOP_MAINTENANCE)
            .setStopMaintenance(Call.StopMaintenance.newBuilder().addAllMachines(machines))
            .build());
  }

  // ---- roles ----

  /**
   * Reserves what is free on an agent.
   *
   * @param resources as the agent's flag has it, with the role for which: {@code cpus(heron):2};
   *     with {@code cpus(eng)(eng/heron):1} a reservation for {@code eng} is refined
   */
  public void reserve(AgentID agent, String resources) throws IOException, InterruptedException {
    send(
        call(Call.Type.RESERVE_RESOURCES)
            .setReserveResources(
                Call.ReserveResources.newBuilder()
                    .setAgentId(agent)
                    .addAllResources(Reserved.dynamically(ResourceFormat.parse(resources))))
            .build());
  }

  /** Takes back what {@link #reserve} reserved. */
  public void unreserve(AgentID agent, String resources) throws IOException, InterruptedException {
    send(
        call(Call.Type.UNRESERVE_RESOURCES)
            .setUnreserveResources(
                Call.UnreserveResources.newBuilder()
                    .setAgentId(agent)
                    .addAllResources(Reserved.dynamically(ResourceFormat.parse(resources))))
            .build());
  }

  /** How much a role's share weighs against others'; 1 unless changed. */
  public void weights(Map<String, Double> byRole) throws IOException, InterruptedException {
    Call.UpdateWeights.Builder weights = Call.UpdateWeights.newBuilder();
    byRole.forEach(
        (role, weight) ->
            weights.addWeightInfos(WeightInfo.newBuilder().setRole(role).setWeight(weight)));
    send(call(Call.Type.UPDATE_WEIGHTS).setUpdateWeights(weights).build());
  }

  /** Removes a framework with its tasks. */
  public void tearDown(FrameworkID framework) throws IOException, InterruptedException {
    send(
        call(Call.Type.TEARDOWN)
            .setTeardown(Call.Teardown.newBuilder().setFrameworkId(framework))
            .build());
  }
}
