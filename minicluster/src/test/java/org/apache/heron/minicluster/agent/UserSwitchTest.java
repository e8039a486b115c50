package org.apache.heron.minicluster.agent;

import static org.apache.heron.minicluster.agent.FakeMaster.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.heron.minicluster.agent.process.TaskUser;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UserSwitchTest {
  @TempDir Path directory;
  private final FakeMaster master = new FakeMaster();
  private Agent agent;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(TaskUser.canFind(), "needs the program id");
    // The temporary directory is the tests' own: others must be able to pass through it.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    agent = Agent.builder().workDirectory(directory.resolve("agent")).start(master);
  }

  @AfterEach
  void close() {
    if (agent != null) {
      agent.close();
    }
  }

  private static void assumeOthersCanBeRun() throws IOException {
    assumeTrue(TaskUser.canSwitch(), "only root can run tasks as others");
    assumeTrue(TaskUser.find("nobody").isPresent(), "needs the user nobody");
  }

  private Path sandbox(String task) {
    return directory.resolve(
        "agent/slaves/S0/frameworks/fw-0000/executors/" + task + "/runs/latest");
  }

  @Test
  void aTaskRunsAsItsUserWhoOwnsTheSandbox() throws IOException {
    assumeOthersCanBeRun();
    Path file = Files.writeString(directory.resolve("fetched"), "x");
    master.run(
        task("words", "")
            .setCommand(
                CommandInfo.newBuilder()
                    .setUser("nobody")
                    .setValue(
                        "id -un; id -u; echo x >own && echo y >>fetched; ls ../../../ >/dev/null")
                    .addUris(CommandInfo.URI.newBuilder().setValue(file.toString()))));
    master.await("words", TaskState.TASK_FINISHED);
    int uid = TaskUser.find("nobody").orElseThrow().uid();
    assertThat(sandbox("words").resolve("stdout")).hasContent("nobody\n" + uid);
    for (String name : new String[] {"", "own", "fetched", "stdout", "stderr"}) {
      assertThat(Files.getAttribute(sandbox("words").resolve(name), "unix:uid"))
          .as(name)
          .isEqualTo(uid);
    }
  }

  @Test
  void aTaskOfAnotherUserCanBeKilled() throws IOException {
    assumeOthersCanBeRun();
    master.run(
        task("words", "")
            .setCommand(CommandInfo.newBuilder().setUser("nobody").setValue("sleep 1000 & wait")));
    master.await("words", TaskState.TASK_RUNNING);
    master.kill("words");
    assertThat(master.await("words", TaskState.TASK_KILLED).getMessage())
        .isEqualTo("Command terminated with signal Terminated");
  }

  @Test
  void whoIsNotRootRunsTheTasksOfOthersAsItself() throws IOException {
    assumeFalse(TaskUser.canSwitch(), "root runs them as those others");
    assumeTrue(TaskUser.find("nobody").isPresent(), "needs the user nobody");
    master.run(
        task("words", "")
            .setCommand(CommandInfo.newBuilder().setUser("nobody").setValue("id -u >me")));
    master.await("words", TaskState.TASK_FINISHED);
    assertThat(sandbox("words").resolve("me"))
        .content()
        .isEqualToIgnoringNewLines(Files.getAttribute(directory, "unix:uid").toString());
  }

  @Test
  void aUserWhomNobodyKnowsFailsTheTaskWhoeverRunsTheAgent() {
    master.run(
        task("words", "")
            .setCommand(CommandInfo.newBuilder().setUser("no-such-user").setValue("true")));
    TaskStatus failed = master.await("words", TaskState.TASK_FAILED);
    assertThat(failed.getReason()).isEqualTo(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED);
    assertThat(failed.getMessage()).contains("No such user 'no-such-user'");
  }
}
