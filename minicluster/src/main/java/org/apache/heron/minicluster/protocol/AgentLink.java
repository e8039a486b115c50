package org.apache.heron.minicluster.protocol;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;

/**
 * What the master asks of an agent. Calls are queued and return at once; they keep the caller's
 * order. Thread-safe.
 */
public interface AgentLink {
  /** The agent is registered under this id. */
  void registered(AgentID agent);

  /**
   * The master took the agent for unreachable and now hears from it: it must register again, with
   * its id and tasks.
   */
  void registerAgain();

  /** Runs a command task; statuses come back by {@link MasterLink#statusUpdate}. */
  void runTask(FrameworkInfo framework, TaskInfo task);

  /** Kills a task. */
  void killTask(FrameworkID framework, TaskID task, Optional<KillPolicy> policy);

  /**
   * Kills every task, each within the smaller of its own and the configured grace period; what they
   * report until the last is acknowledged says that the agent drains.
   */
  void drain(DrainConfig drain);

  /**
   * These of its resources are reserved dynamically now; the agent keeps that on record, for
   * masters do not.
   */
  void reserved(List<Resource> dynamic);

  /** The framework has that status. */
  void acknowledge(FrameworkID framework, TaskID task, ByteString uuid);

  /**
   * The framework has subscribed again or changed its description: what it has not acknowledged is
   * sent again at once (failover.jsonl: 5 ms after SUBSCRIBED, not at the next re-send).
   */
  void frameworkUpdated(FrameworkInfo framework);

  /** Ends all executors of a framework that is gone. */
  void shutdownFramework(FrameworkID framework);

  /** Ends everything: the master has marked this agent gone, or refuses it. */
  void shutdown(String reason);
}
