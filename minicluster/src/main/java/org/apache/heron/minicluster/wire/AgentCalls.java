package org.apache.heron.minicluster.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;

/** What a master asks of an agent in another process: each call becomes bytes. Thread-safe. */
public final class AgentCalls implements AgentLink {
  private final Consumer<byte[]> out;

  /**
   * @param out takes each call; must not block
   */
  public AgentCalls(Consumer<byte[]> out) {
    this.out = out;
  }

  private void send(Call call) {
    out.accept(call.bytes());
  }

  @Override
  public void registered(AgentID agent) {
    send(Call.named("registered").with(agent));
  }

  @Override
  public void registerAgain() {
    send(Call.named("registerAgain"));
  }

  @Override
  public void runTask(FrameworkInfo framework, TaskInfo task) {
    send(Call.named("runTask").with(framework).with(task));
  }

  @Override
  public void killTask(FrameworkID framework, TaskID task, Optional<KillPolicy> policy) {
    send(Call.named("killTask").with(framework).with(task).list(policy.stream().toList()));
  }

  @Override
  public void drain(DrainConfig drain) {
    send(Call.named("drain").with(drain));
  }

  @Override
  public void reserved(List<Resource> dynamic) {
    send(Call.named("reserved").list(dynamic));
  }

  @Override
  public void acknowledge(FrameworkID framework, TaskID task, ByteString uuid) {
    send(Call.named("acknowledge").with(framework).with(task).with(BytesValue.of(uuid)));
  }

  @Override
  public void frameworkUpdated(FrameworkInfo framework) {
    send(Call.named("frameworkUpdated").with(framework));
  }

  @Override
  public void shutdownFramework(FrameworkID framework) {
    send(Call.named("shutdownFramework").with(framework));
  }

  @Override
  public void shutdown(String reason) {
    send(Call.named("shutdown").text(reason));
  }

  /**
   * Makes the call that the bytes hold.
   *
   * @throws WireException if they hold none; nothing is called then
   */
  static void dispatch(byte[] bytes, AgentLink agent) throws WireException {
    Call.Reader call = new Call.Reader(bytes);
    Runnable action = read(call, agent);
    call.end();
    action.run();
  }

  private static Runnable read(Call.Reader call, AgentLink agent) throws WireException {
    switch (call.name()) {
      case "registered" -> {
        AgentID id = call.next(AgentID.parser());
        return () -> agent.registered(id);
      }
      case "registerAgain" -> {
        return agent::registerAgain;
      }
      case "drain" -> {
        DrainConfig drain = call.next(DrainConfig.parser());
        return () -> agent.drain(drain);
      }
      case "reserved" -> {
        List<Resource> dynamic = call.list(Resource.parser());
        return () -> agent.reserved(dynamic);
      }
      case "frameworkUpdated" -> {
        FrameworkInfo framework = call.next(FrameworkInfo.parser());
        return () -> agent.frameworkUpdated(framework);
      }
      case "shutdownFramework" -> {
        FrameworkID framework = call.next(FrameworkID.parser());
        return () -> agent.shutdownFramework(framework);
      }
      case "shutdown" -> {
        String reason = call.text();
        return () -> agent.shutdown(reason);
      }
      default -> {
        return readOfTask(call, agent);
      }
    }
  }

  private static Runnable readOfTask(Call.Reader call, AgentLink agent) throws WireException {
    switch (call.name()) {
      case "runTask" -> {
        FrameworkInfo framework = call.next(FrameworkInfo.parser());
        TaskInfo task = call.next(TaskInfo.parser());
        return () -> agent.runTask(framework, task);
      }
      case "killTask" -> {
        FrameworkID framework = call.next(FrameworkID.parser());
        TaskID task = call.next(TaskID.parser());
        Optional<KillPolicy> policy = call.list(KillPolicy.parser()).stream().findFirst();
        return () -> agent.killTask(framework, task, policy);
      }
      case "acknowledge" -> {
        FrameworkID framework = call.next(FrameworkID.parser());
        TaskID task = call.next(TaskID.parser());
        ByteString uuid = call.next(BytesValue.parser()).getValue();
        return () -> agent.acknowledge(framework, task, uuid);
      }
      default -> throw new WireException("an agent knows no call '" + call.name() + "'");
    }
  }
}
