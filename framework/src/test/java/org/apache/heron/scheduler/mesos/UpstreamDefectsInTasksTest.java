package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.apache.heron.framework.driver.DriverOptions;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.placement.Placed;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.task.ContainerTasks;
import org.apache.heron.framework.task.FrameworkDescription;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.InstancePlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What upstream's scheduler asks of Mesos for a plan and a configuration, and this one does not.
 * The tags' numbers are those of docs/upstream-defects.md.
 */
class UpstreamDefectsInTasksTest {
  private static final Config CONFIG =
      Words.config(
          Map.of(
              "heron.mesos.master.uri", "127.0.0.1:5050",
              "heron.statemgr.connection.string", "127.0.0.1:2181"));

  private static ContainerPlan container(int id, double cpus, int megabytes) {
    Resource resource =
        new Resource(cpus, ByteAmount.ofMegabytes(megabytes), ByteAmount.ofMegabytes(megabytes));
    return new ContainerPlan(id, List.of(new InstancePlan("word", id, 0, resource)), resource);
  }

  private static TaskInfo task(Config config, int container, int attempt) {
    ContainerTasks tasks =
        new ContainerTasks(
            config,
            Words.topology("words-id"),
            Map.of(),
            "file:///core",
            "file:///words",
            new MesosSettings(config).tasks());
    List<Integer> ports = IntStream.range(31000, 31009).boxed().toList();
    Placed placed =
        new Placed(
            new ContainerId(container), new Size(1000, 512_000, 512_000, 9), List.of(), ports);
    TaskId id = TaskId.of(Words.NAME, "words-id", new ContainerId(container), attempt);
    return tasks.describe(id, placed, new AgentId("a1"));
  }

  // Upstream names no role, so that what is reserved for it is never offered to it.
  @Test
  @Tag("upstream-14")
  void theFrameworkHasTheRolesWhoseResourcesItUses() {
    FrameworkInfo info =
        FrameworkDescription.of(CONFIG.with("heron.mesos.role", "heron, spare"), Words.NAME);
    assertThat(info.getRolesList()).containsExactly("heron", "spare");
    assertThat(info.getCapabilitiesList())
        .extracting(FrameworkInfo.Capability::getType)
        .contains(
            FrameworkInfo.Capability.Type.MULTI_ROLE,
            FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT);
  }

  // Upstream gives every container the size of the first, container 0 too.
  @Test
  @Tag("upstream-15")
  void eachContainerHasItsOwnSizeAndContainer0ItsSmallOne() {
    PackingPlan plan =
        new PackingPlan("words-id", List.of(container(1, 0.5, 256), container(2, 6, 9000)));
    Map<ContainerId, Size> sizes = new MesosSettings(CONFIG).sizes(plan);
    assertThat(sizes.get(new ContainerId(1)).cpus()).isEqualTo(0.5);
    assertThat(sizes.get(new ContainerId(2)).cpus()).isEqualTo(6);
    assertThat(sizes.get(new ContainerId(2)).memMb()).isEqualTo(9000);
    assertThat(sizes.get(ContainerId.MANAGER).cpus()).isEqualTo(0.1);
    assertThat(sizes.get(ContainerId.MANAGER).memMb()).isEqualTo(64);
  }

  // Upstream counts 0 to n-1, whatever ids the plan has after it was scaled.
  @Test
  @Tag("upstream-16")
  void containersHaveThePlansIdsWithItsGaps() {
    PackingPlan plan =
        new PackingPlan(
            "words-id", List.of(container(2, 1, 64), container(5, 1, 64), container(9, 1, 64)));
    assertThat(new MesosSettings(CONFIG).sizes(plan).keySet())
        .extracting(ContainerId::value)
        .containsExactlyInAnyOrder(0, 2, 5, 9);
    assertThat(task(CONFIG, 9, 1).getCommand().getValue()).contains("--shard=9 ");
    assertThat(task(CONFIG, 9, 1).getTaskId().getValue()).startsWith("words-9-1-");
  }

  // Upstream's names hold the time of the submit, and no tool finds them again.
  @Test
  @Tag("upstream-30")
  void aTasksNameIsTheSameForEachAttemptAndIdsFollowFromTopologyContainerAndAttempt() {
    TaskInfo first = task(CONFIG, 3, 1);
    TaskInfo later = task(CONFIG, 3, 2);
    assertThat(first.getName()).isEqualTo(later.getName()).isEqualTo("container_3_words");
    assertThat(first).isEqualTo(task(CONFIG, 3, 1));
    assertThat(new TaskId(later.getTaskId().getValue()).container()).hasValue(new ContainerId(3));
    assertThat(new TaskId(later.getTaskId().getValue()).attempt()).hasValue(2);
  }

  // Upstream joins the words of the command with spaces.
  @Test
  @Tag("upstream-31")
  void wordsOfTheCommandReachTheExecutorWhateverTheyHold() throws Exception {
    String nasty = "a b'c\"d;$(touch /nowhere)&|>*`x`\\";
    Config config = CONFIG.with("heron.config.environ", nasty);
    String line =
        task(config, 1, 1)
            .getCommand()
            .getValue()
            .replaceFirst("exec \\S+", Matcher.quoteReplacement("printf '%s\\n'"));
    Process shell = new ProcessBuilder("/bin/sh", "-c", line).redirectErrorStream(true).start();
    List<String> words = shell.inputReader().lines().toList();
    assertThat(shell.waitFor()).isZero();
    assertThat(words).contains("--environment=" + nasty);
  }

  // Upstream takes the Heron role for the Unix user and the Mesos role at once.
  @Test
  @Tag("upstream-31")
  void unixUserAndMesosRoleAndPrincipalAreDifferentThings() {
    Config config =
        CONFIG
            .with("heron.config.role", "ada")
            .with("heron.mesos.role", "streaming")
            .with("heron.mesos.principal", "heron-principal");
    FrameworkInfo info = FrameworkDescription.of(config, Words.NAME);
    assertThat(info.getUser()).isEqualTo("ada");
    assertThat(info.getRolesList()).containsExactly("streaming");
    assertThat(info.getPrincipal()).isEqualTo("heron-principal");
    assertThat(task(config, 1, 1).getCommand().getUser()).isEqualTo("ada");
  }

  // Upstream's tasks have no environment, labels, discovery, grace, health check or image.
  @Test
  @Tag("upstream-31")
  void tasksSayWhatTheyAreAndHowTheyEnd() {
    Config config =
        CONFIG
            .with("heron.mesos.container.type", "mesos")
            .with("heron.mesos.container.image", "jre:17")
            .with("heron.mesos.container.volumes", "/data:/models:ro");
    TaskInfo task = task(config, 3, 1);
    assertThat(task.getHealthCheck().getHttp().getPath()).isEqualTo("/health");
    assertThat(task.getContainer().getMesos().getImage().getDocker().getName()).isEqualTo("jre:17");
    assertThat(task.getContainer().getVolumesList()).hasSize(1);
    assertThat(task.getLabels().getLabelsList())
        .anyMatch(
            label -> label.getKey().equals("heron.container") && label.getValue().equals("3"));
    assertThat(task.getDiscovery().getPorts().getPortsList()).hasSize(9);
    assertThat(task.getCommand().getEnvironment().getVariablesList()).isNotEmpty();
    assertThat(task.getKillPolicy().hasGracePeriod()).isTrue();
  }

  // Upstream has neither credentials nor certificates nor constraints.
  @Test
  @Tag("upstream-31")
  void credentialsCertificatesAndConstraintsAreReadAndNoneIsPassedOver(@TempDir Path directory)
      throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "s3cret");
    Config config =
        CONFIG
            .with("heron.mesos.principal", "heron")
            .with("heron.mesos.secret.file", secret.toString());
    DriverOptions options = new MesosSettings(config).driver();
    assertThat(options.credential().orElseThrow().principal()).isEqualTo("heron");
    Config trusting = CONFIG.with("heron.mesos.tls.ca.file", secret.toString());
    assertThat(new MesosSettings(trusting).masterScheme()).isEqualTo("https");
    assertThatThrownBy(() -> new MesosSettings(trusting).check(Words.NAME))
        .hasMessageContaining(secret.toString());
    Config placed = CONFIG.with("heron.mesos.constraints", "[[\"rack\", \"UNIQUE\"]]");
    assertThat(new PlacementSettings(placed).rules().constraints()).hasSize(1);
  }

  // Upstream ships a configuration for one host, and says nothing on two.
  @Test
  @Tag("upstream-33")
  void sharedStateThatAgentsCannotReachIsRefusedWithWhatToDo() {
    Config config = CONFIG.with("heron.statemgr.connection.string", "LOCALMODE");
    assertThatThrownBy(
            () ->
                FrameworkRecords.open(
                    config, new CuratorStateManager(), Words.NAME, Clock.systemUTC()))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining("LOCALMODE")
        .hasMessageContaining("CuratorStateManager");
  }
}
