package org.apache.heron.minicluster.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.minicluster.agent.fetcher.FetchException;
import org.apache.heron.minicluster.agent.fetcher.Fetcher;
import org.apache.heron.minicluster.agent.process.Container;
import org.apache.heron.minicluster.agent.process.Launch;
import org.apache.heron.minicluster.agent.process.TaskUser;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.ContainerInfo;
import org.apache.mesos.v1.Protos.Environment;
import org.apache.mesos.v1.Protos.TaskInfo;

/** Prepares a task's sandbox and starts its processes. Thread-safe; blocks. */
final class TaskLauncher {
  private final AgentSettings settings;
  private final Fetcher fetcher;
  private final int port;

  TaskLauncher(AgentSettings settings, Fetcher fetcher, int port) {
    this.settings = settings;
    this.fetcher = fetcher;
    this.port = port;
  }

  /**
   * Launches a task.
   *
   * @throws LaunchException if it cannot be; nothing of it runs
   * @throws InterruptedException if it was cancelled; nothing of it runs
   */
  Container launch(TaskRun run, AgentID agent) throws LaunchException, InterruptedException {
    refuseWhatIsNotOffered(run.task);
    Map<String, String> environment = environment(run, agent);
    Optional<TaskUser> user = user(run);
    try {
      Container.prepareOutput(run.run.sandbox());
      if (user.isPresent()) {
        user.get().own(run.run.sandbox());
      }
      fetcher.fetch(
          run.task.getCommand().getUrisList(), run.run.sandbox(), user.map(TaskUser::name));
    } catch (FetchException e) {
      // Mesos' words: the fetcher is a process there, its status is all that the agent knows.
      throw new LaunchException(
          "Failed to launch container: Failed to fetch all URIs for container '"
              + run.run.container()
              + "': exited with status 1",
          e);
    } catch (IOException e) {
      throw new LaunchException("Failed to launch container: " + e.getMessage(), e);
    }
    if (run.isCancelled() || Thread.interrupted()) {
      throw new InterruptedException("the launch was cancelled");
    }
    try {
      return Container.start(
          new Launch(
              run.run.sandbox(),
              run.run.records(),
              command(run.task.getCommand()),
              environment,
              user));
    } catch (IOException e) {
      throw new LaunchException("Failed to launch container: " + e.getMessage(), e);
    }
  }

  /**
   * Refuses what needs isolators or containerizers that this agent is without, in the words of a
   * Mesos agent with its default {@code --isolation} and {@code --containerizers}.
   */
  private static void refuseWhatIsNotOffered(TaskInfo task) throws LaunchException {
    String why = null;
    ContainerInfo container = task.getContainer();
    if (task.hasExecutor()) {
      why = "the task has an executor of its own, this agent runs commands only";
    } else if (container.getType() == ContainerInfo.Type.DOCKER && task.hasContainer()) {
      why =
          "None of the enabled containerizers (mesos) could create a container for the provided"
              + " TaskInfo/ExecutorInfo message";
    } else if (container.getMesos().hasImage()) {
      why = "Unsupported container image type: " + container.getMesos().getImage().getType();
    } else if (container.getVolumesCount() > 0) {
      why = "Volumes in ContainerInfo is not supported";
    } else if (!task.getCommand().hasValue()) {
      why = "the task has no command";
    }
    if (why != null) {
      throw new LaunchException("Failed to launch container: " + why);
    }
  }

  /**
   * Whom a task is to run as; empty: as the agent itself does, which it must unless it is root. A
   * name that no user of the system has fails the launch in any case.
   */
  private Optional<TaskUser> user(TaskRun run) throws LaunchException {
    String name = run.user();
    if (!settings.switchUser()
        || !TaskUser.canFind()
        || name.isEmpty()
        || name.equals(System.getProperty("user.name"))) {
      return Optional.empty();
    }
    try {
      Optional<TaskUser> user = TaskUser.find(name);
      if (user.isEmpty()) {
        throw new LaunchException(
            "Failed to launch container: Failed to change the ownership of the sandbox '"
                + run.run.sandbox()
                + "' with user '"
                + name
                + "': No such user '"
                + name
                + "'");
      }
      return user.filter(known -> TaskUser.canSwitch());
    } catch (IOException e) {
      throw new LaunchException("Failed to launch container: " + e.getMessage(), e);
    }
  }

  /** The program and its arguments. */
  static List<String> command(CommandInfo command) {
    if (command.getShell()) {
      return List.of("/bin/sh", "-c", command.getValue());
    }
    List<String> words = new ArrayList<>();
    // What cannot be executed ends with status 1 in Mesos, with 127 in a shell.
    words.addAll(
        List.of(
            "/bin/sh",
            "-c",
            "command -v \"$0\" >/dev/null || { echo \"Failed to execute '$0': No such file or"
                + " directory\" >&2; exit 1; }; exec \"$0\" \"$@\"",
            command.getValue()));
    // The first argument is the program's own name (CommandInfo.arguments).
    words.addAll(
        command
            .getArgumentsList()
            .subList(Math.min(1, command.getArgumentsCount()), command.getArgumentsCount()));
    return words;
  }

  /** The agent's own environment without what is Mesos', what Mesos tells, what the task asks. */
  private Map<String, String> environment(TaskRun run, AgentID agent) throws LaunchException {
    Map<String, String> environment = new HashMap<>();
    settings
        .baseEnvironment()
        .forEach(
            (name, value) -> {
              if (!name.startsWith("MESOS_") && !name.startsWith("LIBPROCESS_")) {
                environment.put(name, value);
              }
            });
    String task = run.task.getTaskId().getValue();
    environment.put("MESOS_DIRECTORY", run.run.sandbox().toString());
    environment.put("MESOS_TASK_ID", task);
    environment.put("MESOS_EXECUTOR_ID", task);
    environment.put("MESOS_CONTAINER_ID", run.run.container());
    environment.put("MESOS_CONTAINER_IP", settings.bindAddress());
    environment.put("MESOS_FRAMEWORK_ID", run.framework.getId().getValue());
    environment.put("MESOS_SLAVE_ID", agent.getValue());
    environment.put("MESOS_AGENT_ID", agent.getValue());
    environment.put("MESOS_SLAVE_PID", "slave(1)@" + settings.bindAddress() + ":" + port);
    environment.put("MESOS_AGENT_ENDPOINT", settings.bindAddress() + ":" + port);
    environment.put("MESOS_CHECKPOINT", run.framework.getCheckpoint() ? "1" : "0");
    for (Environment.Variable variable :
        run.task.getCommand().getEnvironment().getVariablesList()) {
      if (variable.getType() == Environment.Variable.Type.SECRET) {
        throw new LaunchException(
            "Failed to launch container: environment variable '"
                + variable.getName()
                + "' is a secret, this agent resolves none");
      }
      environment.put(variable.getName(), variable.getValue());
    }
    return environment;
  }

  /** How a health check's command is run: as the task is. */
  Launch probe(TaskRun run, AgentID agent, CommandInfo command) throws LaunchException {
    Map<String, String> environment = new HashMap<>(environment(run, agent));
    for (Environment.Variable variable : command.getEnvironment().getVariablesList()) {
      environment.put(variable.getName(), variable.getValue());
    }
    return new Launch(
        run.run.sandbox(), run.run.records(), command(command), environment, user(run));
  }
}
