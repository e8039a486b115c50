package org.apache.heron.minicluster.master;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Duration;
import java.util.Optional;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.RequestHandler;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.maintenance.Protos.Schedule;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;

/** {@code POST /api/v1}: the operator calls that this cluster knows; others are answered 501. */
final class OperatorApi implements RequestHandler {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;

  private final MasterLoop loop;
  private final ClusterState state;
  private final FrameworkLife frameworks;
  private final AgentRemoval removal;
  private final Maintenance maintenance;
  private final Offers offers;
  private final Reservations reservations;
  private final OperatorView view;

  OperatorApi(
      MasterLoop loop,
      ClusterState state,
      FrameworkLife frameworks,
      AgentRemoval removal,
      Maintenance maintenance,
      Offers offers,
      Reservations reservations,
      OperatorView view) {
    this.loop = loop;
    this.state = state;
    this.frameworks = frameworks;
    this.removal = removal;
    this.maintenance = maintenance;
    this.offers = offers;
    this.reservations = reservations;
    this.view = view;
  }

  @Override
  public void handle(WebRequest request, WebResponse response) throws Exception {
    Call call = MediaType.ofBody(request).read(request, Call.newBuilder()).build();
    if (!call.hasType()) {
      throw invalid("Expecting 'type' to be present");
    }
    MediaType media = MediaType.ofAnswer(request);
    Response.Builder answer = Response.newBuilder();
    Optional<Integer> silent = loop.call(() -> carryOut(call, answer));
    if (silent.isPresent()) {
      response.status(silent.get()).sendEmpty();
      return;
    }
    switch (media) {
      case PROTOBUF -> response.send(media.text(), answer.build().toByteArray());
      case JSON -> {
        ObjectNode tree = OperatorView.completed(MesosJson.tree(answer.build()));
        response.send(media.text(), MesosJson.write(tree));
      }
    }
  }

  private static HttpError invalid(String why) {
    return new HttpError(400, "Failed to validate master::Call: " + why);
  }

  /** The status to answer if the answer has no body. */
  private Optional<Integer> carryOut(Call call, Response.Builder answer) {
    switch (call.getType()) {
      case GET_HEALTH -> answer.setGetHealth(Response.GetHealth.newBuilder().setHealthy(true));
      case GET_VERSION -> answer.setGetVersion(view.version());
      case GET_FLAGS -> answer.setGetFlags(view.flags());
      case GET_METRICS -> {
        require(call.hasGetMetrics(), "get_metrics");
        answer.setGetMetrics(view.metrics());
      }
      case GET_STATE -> answer.setGetState(view.state());
      case GET_AGENTS -> answer.setGetAgents(view.agents());
      case GET_FRAMEWORKS -> answer.setGetFrameworks(view.frameworks());
      case GET_EXECUTORS -> answer.setGetExecutors(Response.GetExecutors.newBuilder());
      case GET_OPERATIONS -> answer.setGetOperations(Response.GetOperations.newBuilder());
      case GET_TASKS -> answer.setGetTasks(view.tasks());
      case GET_ROLES -> answer.setGetRoles(view.roles());
      case GET_WEIGHTS -> answer.setGetWeights(offers.fairness().weights());
      case GET_MASTER -> answer.setGetMaster(view.master());
      case GET_MAINTENANCE_STATUS ->
          answer.setGetMaintenanceStatus(
              Response.GetMaintenanceStatus.newBuilder().setStatus(maintenance.status()));
      case GET_MAINTENANCE_SCHEDULE ->
          answer.setGetMaintenanceSchedule(
              Response.GetMaintenanceSchedule.newBuilder().setSchedule(state.schedule));
      default -> {
        return Optional.of(change(call));
      }
    }
    answer.setType(Response.Type.valueOf(call.getType().name()));
    return Optional.empty();
  }

  /** The status to answer. */
  private int change(Call call) {
    switch (call.getType()) {
      case UPDATE_MAINTENANCE_SCHEDULE -> {
        require(call.hasUpdateMaintenanceSchedule(), "update_maintenance_schedule");
        Schedule schedule = call.getUpdateMaintenanceSchedule().getSchedule();
        refuse(maintenance.refusal(schedule));
        maintenance.update(schedule);
      }
      case DRAIN_AGENT -> {
        require(call.hasDrainAgent(), "drain_agent");
        drain(call.getDrainAgent());
      }
      case DEACTIVATE_AGENT -> {
        require(call.hasDeactivateAgent(), "deactivate_agent");
        Agent agent = agent(call.getDeactivateAgent().getAgentId());
        agent.deactivate();
        offers.rescindAll(agent.id());
      }
      case REACTIVATE_AGENT -> {
        require(call.hasReactivateAgent(), "reactivate_agent");
        reactivate(call.getReactivateAgent().getAgentId());
      }
      case MARK_AGENT_GONE -> {
        require(call.hasMarkAgentGone(), "mark_agent_gone");
        gone(call.getMarkAgentGone().getAgentId());
      }
      case START_MAINTENANCE -> {
        require(call.hasStartMaintenance(), "start_maintenance");
        refuse(maintenance.machinesDown(call.getStartMaintenance().getMachinesList()));
      }
      case STOP_MAINTENANCE -> {
        require(call.hasStopMaintenance(), "stop_maintenance");
        refuse(maintenance.machinesUp(call.getStopMaintenance().getMachinesList()));
      }
      case RESERVE_RESOURCES -> {
        require(call.hasReserveResources(), "reserve_resources");
        Call.ReserveResources wanted = call.getReserveResources();
        reservations.byOperator(
            wanted.getAgentId(),
            ReservationChange.reserve(wanted.getSourceList(), wanted.getResourcesList()));
        return ACCEPTED;
      }
      case UNRESERVE_RESOURCES -> {
        require(call.hasUnreserveResources(), "unreserve_resources");
        Call.UnreserveResources wanted = call.getUnreserveResources();
        reservations.byOperator(
            wanted.getAgentId(), ReservationChange.unreserve(wanted.getResourcesList()));
        return ACCEPTED;
      }
      case UPDATE_WEIGHTS -> {
        require(call.hasUpdateWeights(), "update_weights");
        refuse(offers.fairness().weigh(call.getUpdateWeights().getWeightInfosList()));
      }
      case TEARDOWN -> {
        require(call.hasTeardown(), "teardown");
        Framework framework =
            state
                .framework(call.getTeardown().getFrameworkId())
                .orElseThrow(() -> new HttpError(400, "No framework found with specified ID"));
        frameworks.remove(framework);
      }
      default -> throw new HttpError(501, "This cluster does not know " + call.getType());
    }
    return OK;
  }

  private static void refuse(Optional<String> refusal) {
    refusal.ifPresent(
        why -> {
          throw new HttpError(400, why);
        });
  }

  private static void require(boolean present, String field) {
    if (!present) {
      throw invalid("Expecting '" + field + "' to be present");
    }
  }

  private Agent agent(AgentID id) {
    return state
        .agent(id)
        .orElseThrow(() -> new HttpError(404, "Agent " + id.getValue() + " not found"));
  }

  private void drain(Call.DrainAgent call) {
    Agent agent = agent(call.getAgentId());
    refuse(maintenance.drainRefusal(agent));
    org.apache.mesos.v1.Protos.DrainConfig.Builder config =
        org.apache.mesos.v1.Protos.DrainConfig.newBuilder().setMarkGone(call.getMarkGone());
    if (call.hasMaxGracePeriod()) {
      config.setMaxGracePeriod(
          DurationInfo.newBuilder().setNanoseconds(nanoseconds(call.getMaxGracePeriod())));
    }
    maintenance.drain(agent, config.build());
  }

  private static long nanoseconds(Duration duration) {
    return java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos()).toNanos();
  }

  /** Offers come with the next round, as recorded (drain.jsonl). */
  private void reactivate(AgentID id) {
    Agent agent = agent(id);
    if (!agent.isDeactivated()) {
      throw new HttpError(400, "Agent " + id.getValue() + " is not deactivated");
    }
    boolean draining =
        agent
            .drain()
            .filter(d -> d.getState() == org.apache.mesos.v1.Protos.DrainState.DRAINING)
            .isPresent();
    if (draining) {
      throw new HttpError(400, "Agent " + id.getValue() + " is still in the DRAINING state");
    }
    agent.reactivate();
  }

  private void gone(AgentID id) {
    if (state.goneAgents.containsKey(id)) {
      return;
    }
    if (state.unreachableAgents.containsKey(id) || state.recoveredAgents.contains(id)) {
      removal.unreachableGone(id);
    } else {
      removal.gone(agent(id));
    }
  }
}
