package org.apache.heron.minicluster.master;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Duration;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.RequestHandler;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;

/** {@code POST /api/v1}: the operator calls that this cluster knows; others are answered 501. */
final class OperatorApi implements RequestHandler {
  private final MasterLoop loop;
  private final ClusterState state;
  private final FrameworkLife frameworks;
  private final AgentRemoval removal;
  private final Maintenance maintenance;
  private final Offers offers;
  private final OperatorView view;

  OperatorApi(
      MasterLoop loop,
      ClusterState state,
      FrameworkLife frameworks,
      AgentRemoval removal,
      Maintenance maintenance,
      Offers offers,
      OperatorView view) {
    this.loop = loop;
    this.state = state;
    this.frameworks = frameworks;
    this.removal = removal;
    this.maintenance = maintenance;
    this.offers = offers;
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
    boolean speaks = loop.call(() -> carryOut(call, answer));
    if (!speaks) {
      response.sendEmpty();
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

  /** True if the answer has a body. */
  private boolean carryOut(Call call, Response.Builder answer) {
    switch (call.getType()) {
      case GET_HEALTH -> answer.setGetHealth(Response.GetHealth.newBuilder().setHealthy(true));
      case GET_VERSION -> answer.setGetVersion(view.version());
      case GET_FLAGS -> answer.setGetFlags(view.flags());
      case GET_METRICS -> answer.setGetMetrics(view.metrics());
      case GET_STATE -> answer.setGetState(view.state());
      case GET_AGENTS -> answer.setGetAgents(view.agents());
      case GET_FRAMEWORKS -> answer.setGetFrameworks(view.frameworks());
      case GET_EXECUTORS -> answer.setGetExecutors(Response.GetExecutors.newBuilder());
      case GET_OPERATIONS -> answer.setGetOperations(Response.GetOperations.newBuilder());
      case GET_TASKS -> answer.setGetTasks(view.tasks());
      case GET_ROLES -> answer.setGetRoles(view.roles());
      case GET_WEIGHTS -> answer.setGetWeights(Response.GetWeights.newBuilder());
      case GET_MASTER -> answer.setGetMaster(view.master());
      case GET_MAINTENANCE_STATUS ->
          answer.setGetMaintenanceStatus(
              Response.GetMaintenanceStatus.newBuilder().setStatus(maintenance.status()));
      case GET_MAINTENANCE_SCHEDULE ->
          answer.setGetMaintenanceSchedule(
              Response.GetMaintenanceSchedule.newBuilder().setSchedule(state.schedule));
      default -> {
        change(call);
        return false;
      }
    }
    answer.setType(Response.Type.valueOf(call.getType().name()));
    return true;
  }

  private void change(Call call) {
    switch (call.getType()) {
      case UPDATE_MAINTENANCE_SCHEDULE -> {
        require(call.hasUpdateMaintenanceSchedule(), "update_maintenance_schedule");
        maintenance.update(call.getUpdateMaintenanceSchedule().getSchedule());
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
    maintenance
        .drainRefusal(agent)
        .ifPresent(
            refusal -> {
              throw new HttpError(400, refusal);
            });
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
    if (state.unreachableAgents.containsKey(id)) {
      removal.unreachableGone(id);
    } else {
      removal.gone(agent(id));
    }
  }
}
