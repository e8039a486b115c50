package org.apache.heron.framework.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.heron.minicluster.MiniCluster;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver with masters and agents that run real processes. */
class DriverOnClusterTest {
  private static final FrameworkInfo FRAMEWORK =
      FrameworkInfo.newBuilder()
          .setUser(System.getProperty("user.name"))
          .setName("heron_scheduler_words")
          .setCheckpoint(true)
          .setFailoverTimeout(604_800)
          .addRoles("*")
          .addCapabilities(capability(FrameworkInfo.Capability.Type.MULTI_ROLE))
          .addCapabilities(capability(FrameworkInfo.Capability.Type.PARTITION_AWARE))
          .addCapabilities(capability(FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT))
          .build();

  @TempDir Path directory;

  private static FrameworkInfo.Capability capability(FrameworkInfo.Capability.Type type) {
    return FrameworkInfo.Capability.newBuilder().setType(type).build();
  }

  private static MiniCluster.Builder cluster() {
    return MiniCluster.builder().agents(1).allocationInterval(Duration.ofMillis(100));
  }

  private static HttpMesos start(TestScheduler scheduler, String uri) {
    return HttpMesos.start(scheduler, HttpMesosTest.options(uri), new MetricRegistry());
  }

  private static FrameworkID subscribed(TestScheduler scheduler) throws Exception {
    return scheduler.nextEvent(Event.Type.SUBSCRIBED).getSubscribed().getFrameworkId();
  }

  private static FrameworkInfo known(FrameworkID id) {
    return FRAMEWORK.toBuilder().setId(id).build();
  }

  private static void accepted(HttpMesos mesos, Call.Builder call, FrameworkID framework)
      throws Exception {
    assertThat(
            mesos
                .call(call.setFrameworkId(framework).build())
                .get(ScriptedMaster.WAIT_SECONDS, TimeUnit.SECONDS))
        .isEqualTo(new CallOutcome.Accepted());
  }

  private static Resource scalar(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole("*"))
        .build();
  }

  private static Call.Builder launch(Offer offer) {
    TaskInfo task =
        TaskInfo.newBuilder()
            .setName("words-1-0")
            .setTaskId(TaskID.newBuilder().setValue("words-1-0"))
            .setAgentId(offer.getAgentId())
            .addResources(scalar("cpus", 0.1))
            .addResources(scalar("mem", 32))
            .setCommand(CommandInfo.newBuilder().setShell(true).setValue("sleep 600"))
            .build();
    return Call.newBuilder()
        .setType(Call.Type.ACCEPT)
        .setAccept(
            Call.Accept.newBuilder()
                .addOfferIds(offer.getId())
                .addOperations(
                    Offer.Operation.newBuilder()
                        .setType(Offer.Operation.Type.LAUNCH)
                        .setLaunch(Offer.Operation.Launch.newBuilder().addTaskInfos(task))));
  }

  private static Call.Builder acknowledge(TaskStatus status) {
    return Call.newBuilder()
        .setType(Call.Type.ACKNOWLEDGE)
        .setAcknowledge(
            Call.Acknowledge.newBuilder()
                .setAgentId(status.getAgentId())
                .setTaskId(status.getTaskId())
                .setUuid(status.getUuid()));
  }

  private static Call.Builder reconcile() {
    return Call.newBuilder()
        .setType(Call.Type.RECONCILE)
        .setReconcile(Call.Reconcile.getDefaultInstance());
  }

  private static Call.Builder kill(TaskStatus status) {
    return Call.newBuilder()
        .setType(Call.Type.KILL)
        .setKill(
            Call.Kill.newBuilder().setTaskId(status.getTaskId()).setAgentId(status.getAgentId()));
  }

  /** Takes updates, acknowledging them, until the task is in this state. */
  private static TaskStatus await(
      TestScheduler scheduler, HttpMesos mesos, FrameworkID framework, TaskState state)
      throws Exception {
    while (true) {
      TaskStatus status = scheduler.nextEvent(Event.Type.UPDATE).getUpdate().getStatus();
      if (status.hasUuid()) {
        accepted(mesos, acknowledge(status), framework);
      }
      if (status.getState() == state) {
        return status;
      }
    }
  }

  private static TaskStatus run(TestScheduler scheduler, HttpMesos mesos, FrameworkID framework)
      throws Exception {
    Offer offer = scheduler.nextEvent(Event.Type.OFFERS).getOffers().getOffers(0);
    accepted(mesos, launch(offer), framework);
    return await(scheduler, mesos, framework, TaskState.TASK_RUNNING);
  }

  @Test
  void aTaskOutlivesItsSchedulerAndIsFoundAndKilledByTheNext() throws Exception {
    try (MiniCluster cluster = cluster().start()) {
      TestScheduler first = TestScheduler.subscribing(FRAMEWORK);
      FrameworkID framework;
      try (HttpMesos mesos = start(first, cluster.masterUri())) {
        framework = subscribed(first);
        run(first, mesos, framework);
        assertThat(mesos.status().master()).contains(cluster.masterAddress());
      }
      TestScheduler second = TestScheduler.subscribing(known(framework));
      try (HttpMesos mesos = start(second, cluster.masterUri())) {
        assertThat(subscribed(second)).isEqualTo(framework);
        accepted(mesos, reconcile(), framework);
        TaskStatus status = await(second, mesos, framework, TaskState.TASK_RUNNING);
        accepted(mesos, kill(status), framework);
        await(second, mesos, framework, TaskState.TASK_KILLED);
        accepted(mesos, Call.newBuilder().setType(Call.Type.TEARDOWN), framework);
        assertThat(second.nextTold()).isEqualTo("connected");
        assertThat(second.nextTold()).isEqualTo("disconnected");
        assertThat(second.nextEvent(Event.Type.ERROR).getError().getMessage())
            .isEqualTo("Framework has been removed");
        HttpMesosTest.await(() -> mesos.status().trouble().orElse(null) instanceof Trouble.Refused);
      }
    }
  }

  @Test
  void aSchedulerThatIsTakenOverIsToldAndStaysAway() throws Exception {
    try (MiniCluster cluster = cluster().start()) {
      TestScheduler first = TestScheduler.subscribing(FRAMEWORK);
      try (HttpMesos old = start(first, cluster.masterAddress())) {
        FrameworkID framework = subscribed(first);
        TestScheduler second = TestScheduler.subscribing(known(framework));
        try (HttpMesos mesos = start(second, cluster.masterAddress())) {
          assertThat(subscribed(second)).isEqualTo(framework);
          assertThat(first.nextEvent(Event.Type.ERROR).getError().getMessage())
              .isEqualTo("Framework failed over");
          HttpMesosTest.await(() -> old.status().trouble().orElse(null) instanceof Trouble.Refused);
          accepted(mesos, reconcile(), framework);
        }
      }
    }
  }

  @Test
  void aNewMasterIsFoundThroughZooKeeperAndKnowsTheTaskAgain() throws Exception {
    try (MiniCluster cluster = cluster().masters(2).start()) {
      TestScheduler scheduler = TestScheduler.subscribing(FRAMEWORK);
      try (HttpMesos mesos = start(scheduler, cluster.masterUri())) {
        FrameworkID framework = subscribed(scheduler);
        scheduler.subscribeAs(known(framework));
        TaskStatus running = run(scheduler, mesos, framework);
        String former = cluster.masterAddress();
        cluster.stopLeader();
        assertThat(subscribed(scheduler)).isEqualTo(framework);
        assertThat(mesos.status().master().orElseThrow()).isNotEqualTo(former);
        cluster.awaitAgents(Duration.ofSeconds(ScriptedMaster.WAIT_SECONDS));
        accepted(mesos, reconcile(), framework);
        TaskStatus known = await(scheduler, mesos, framework, TaskState.TASK_RUNNING);
        assertThat(known.getTaskId()).isEqualTo(running.getTaskId());
      }
    }
  }

  @Test
  void aCutStreamIsSubscribedAnew() throws Exception {
    try (MiniCluster cluster = cluster().withoutZooKeeper().start()) {
      TestScheduler scheduler = TestScheduler.subscribing(FRAMEWORK);
      try (HttpMesos mesos = start(scheduler, cluster.masterUri())) {
        FrameworkID framework = subscribed(scheduler);
        scheduler.subscribeAs(known(framework));
        assertThat(cluster.cutStream(framework)).isTrue();
        assertThat(subscribed(scheduler)).isEqualTo(framework);
        accepted(mesos, reconcile(), framework);
      }
    }
  }

  @Test
  void credentialsAreAskedForAndTaken() throws Exception {
    Path credentials = directory.resolve("credentials.json");
    Files.writeString(
        credentials, "{\"credentials\":[{\"principal\":\"heron\",\"secret\":\"s3cret\"}]}");
    try (MiniCluster cluster =
        cluster()
            .withoutZooKeeper()
            .master(options -> options.withCredentials(credentials))
            .start()) {
      TestScheduler stranger = TestScheduler.subscribing(FRAMEWORK);
      try (HttpMesos mesos = start(stranger, cluster.masterUri())) {
        HttpMesosTest.await(() -> mesos.status().problem().contains("wants credentials"));
      }
      TestScheduler impostor =
          TestScheduler.subscribing(FRAMEWORK.toBuilder().setPrincipal("heron").build());
      try (HttpMesos mesos =
          HttpMesos.start(
              impostor,
              HttpMesosTest.options(cluster.masterUri()).withCredential(secret("guessed\n")),
              new MetricRegistry())) {
        HttpMesosTest.await(
            () -> mesos.status().problem().contains("does not accept principal 'heron'"));
        assertThat(mesos.status().problem())
            .contains("heron.mesos.secret.file")
            .doesNotContain("guessed")
            .doesNotContain("\n");
      }
      TestScheduler known =
          TestScheduler.subscribing(FRAMEWORK.toBuilder().setPrincipal("heron").build());
      try (HttpMesos mesos =
          HttpMesos.start(
              known,
              HttpMesosTest.options(cluster.masterUri()).withCredential(secret("s3cret\n")),
              new MetricRegistry())) {
        FrameworkID framework = subscribed(known);
        accepted(mesos, reconcile(), framework);
      }
    }
  }

  private Credential secret(String text) throws IOException {
    return new Credential("heron", Files.writeString(directory.resolve("secret"), text));
  }
}
