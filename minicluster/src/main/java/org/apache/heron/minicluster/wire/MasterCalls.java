package org.apache.heron.minicluster.wire;

import com.google.protobuf.Int32Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.protocol.MasterLink;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;

/** What an agent says to a master in another process, as bytes and back. Stateless. */
public final class MasterCalls {
  /** Where a master takes registrations; what an agent says goes to its stream's id below it. */
  public static final String PATH = "/minicluster/agents";

  /** The header of a registration's answer that names the stream. */
  public static final String STREAM_ID = "Agent-Stream-Id";

  private static final String REGISTER = "register";

  private MasterCalls() {}

  /**
   * What an agent tells when it registers; see {@link MasterLink#register}.
   *
   * @param agent without id the first time
   */
  public record Registration(
      AgentInfo agent,
      List<Resource> total,
      List<FrameworkInfo> frameworks,
      List<MasterLink.RunningTask> tasks) {
    /** Copies the lists. */
    public Registration {
      total = List.copyOf(total);
      frameworks = List.copyOf(frameworks);
      tasks = List.copyOf(tasks);
    }

    byte[] bytes() {
      Call call =
          Call.named(REGISTER).with(agent).list(total).list(frameworks).number(tasks.size());
      tasks.forEach(each -> call.with(each.framework()).with(each.task()).with(each.latest()));
      return call.bytes();
    }

    /**
     * Reads a registration.
     *
     * @throws WireException if the bytes hold none
     */
    public static Registration parse(byte[] bytes) throws WireException {
      Call.Reader call = new Call.Reader(bytes);
      if (!call.name().equals(REGISTER)) {
        throw new WireException("a stream begins by 'register', not by '" + call.name() + "'");
      }
      AgentInfo agent = call.next(AgentInfo.parser());
      List<Resource> total = call.list(Resource.parser());
      List<FrameworkInfo> frameworks = call.list(FrameworkInfo.parser());
      List<MasterLink.RunningTask> tasks = new ArrayList<>();
      for (int left = call.number(); left > 0; left--) {
        tasks.add(
            new MasterLink.RunningTask(
                call.next(FrameworkID.parser()),
                call.next(TaskInfo.parser()),
                call.next(TaskStatus.parser())));
      }
      call.end();
      return new Registration(agent, total, frameworks, tasks);
    }

    /** Hands it to a master. */
    public void to(MasterLink master, AgentLink link) {
      master.register(agent, total, link, frameworks, tasks);
    }
  }

  /** The calls that an agent makes on a stream, as bytes for {@code out}. */
  record Writer(Consumer<byte[]> out) {
    void ping(AgentID agent) {
      out.accept(Call.named("ping").with(agent).bytes());
    }

    void statusUpdate(AgentID agent, FrameworkID framework, TaskStatus status, TaskState latest) {
      out.accept(
          Call.named("statusUpdate")
              .with(agent)
              .with(framework)
              .with(status)
              .number(latest.getNumber())
              .bytes());
    }

    void executorExited(AgentID agent, FrameworkID framework, ExecutorID executor, int waitStatus) {
      out.accept(
          Call.named("executorExited")
              .with(agent)
              .with(framework)
              .with(executor)
              .number(waitStatus)
              .bytes());
    }

    void unregister(AgentID agent) {
      out.accept(Call.named("unregister").with(agent).bytes());
    }
  }

  /**
   * Makes the call that the bytes hold.
   *
   * @throws WireException if they hold none; nothing is called then
   */
  public static void dispatch(byte[] bytes, MasterLink master) throws WireException {
    Call.Reader call = new Call.Reader(bytes);
    Runnable action = read(call, master);
    call.end();
    action.run();
  }

  private static Runnable read(Call.Reader call, MasterLink master) throws WireException {
    switch (call.name()) {
      case "ping" -> {
        AgentID agent = call.next(AgentID.parser());
        return () -> master.ping(agent);
      }
      case "unregister" -> {
        AgentID agent = call.next(AgentID.parser());
        return () -> master.unregister(agent);
      }
      case "statusUpdate" -> {
        AgentID agent = call.next(AgentID.parser());
        FrameworkID framework = call.next(FrameworkID.parser());
        TaskStatus status = call.next(TaskStatus.parser());
        TaskState latest = state(call.number());
        return () -> master.statusUpdate(agent, framework, status, latest);
      }
      case "executorExited" -> {
        AgentID agent = call.next(AgentID.parser());
        FrameworkID framework = call.next(FrameworkID.parser());
        ExecutorID executor = call.next(ExecutorID.parser());
        int waitStatus = call.next(Int32Value.parser()).getValue();
        return () -> master.executorExited(agent, framework, executor, waitStatus);
      }
      default -> throw new WireException("a master knows no call '" + call.name() + "'");
    }
  }

  private static TaskState state(int number) throws WireException {
    TaskState state = TaskState.forNumber(number);
    if (state == null) {
      throw new WireException("there is no task state " + number);
    }
    return state;
  }
}
