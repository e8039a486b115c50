package org.apache.heron.benchmarks;

import com.google.protobuf.ByteString;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.heron.framework.core.Blueprint;
import org.apache.heron.framework.core.Core;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.core.StatusUpdate;
import org.apache.heron.framework.core.Task;
import org.apache.heron.framework.core.TaskDescriber;
import org.apache.heron.framework.core.Timing;
import org.apache.heron.framework.identity.AgentId;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.TaskId;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.placement.Placed;
import org.apache.heron.framework.placement.Size;
import org.apache.heron.framework.runtime.FrameworkRuntime;
import org.apache.heron.framework.runtime.MesosConnection;
import org.apache.heron.framework.storage.FrameworkStore;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.Submission;
import org.apache.heron.framework.storage.ZooKeeperFrameworkStore;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;
import org.apache.heron.proto.framework.FrameworkRecords;
import org.apache.mesos.v1.Protos;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * What the scheduler's records cost, with a real ZooKeeper server in the same JVM and a master that
 * answers at once: transactions per launched container and per accepted offer, a burst of status
 * updates, and a cold start from the records.
 *
 * <p>Arguments: [containers, 10000] [offers, 500] [updates, 100000].
 */
public final class SchedulerRecords {
  private static final Size SIZE = new Size(100, 1000, 1000, 9);
  private static final String NODE = "/heron/frameworks/words";

  private final CuratorFramework client;
  private final int containers;

  private SchedulerRecords(CuratorFramework client, int containers) {
    this.client = client;
    this.containers = containers;
  }

  public static void main(String[] args) throws Exception {
    int containers = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    int offers = args.length > 1 ? Integer.parseInt(args[1]) : 500;
    int updates = args.length > 2 ? Integer.parseInt(args[2]) : 100_000;
    Path scratch = Files.createTempDirectory("heron-records");
    load();
    try (EmbeddedZooKeeper zookeeper = EmbeddedZooKeeper.start(scratch, 0);
        CuratorFramework client =
            CuratorFrameworkFactory.newClient(
                zookeeper.connectString(), 30_000, 10_000, new RetryOneTime(100))) {
      client.start();
      SchedulerRecords benchmark = new SchedulerRecords(client, containers);
      Master master = new Master();
      try (FrameworkRuntime runtime = benchmark.begin(master)) {
        benchmark.launch(runtime, master, offers);
        benchmark.burst(runtime, master, updates);
      }
      benchmark.coldStart();
    }
    load();
    System.exit(0);
  }

  private static void load() {
    System.out.printf(
        "load %.2f%n", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** Takes every call at once, and counts. */
  private static final class Master implements MesosConnection {
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Consumer<Event> listener;

    @Override
    public void send(Call call, Runnable taken) {
      if (call.getType() == Call.Type.ACCEPT) {
        accepted.addAndGet(call.getAccept().getOfferIdsCount());
      } else if (call.getType() == Call.Type.ACKNOWLEDGE) {
        acknowledged.incrementAndGet();
      } else if (call.getType() == Call.Type.RECONCILE) {
        asked.addAndGet(call.getReconcile().getTasksCount());
      } else if (call.getType() == Call.Type.UPDATE_FRAMEWORK) {
        taken.run();
      }
    }

    @Override
    public void reconnect() {}

    @Override
    public void tearDown(String frameworkId) {
      listener.accept(new Event.TornDown());
    }

    @Override
    public String problem() {
      return "";
    }

    @Override
    public void close() {}
  }

  private static final class Describer implements TaskDescriber {
    @Override
    public TaskInfo describe(TaskId id, Placed placed, AgentId agent) {
      return TaskInfo.newBuilder()
          .setName("container_" + placed.container())
          .setTaskId(TaskID.newBuilder().setValue(id.value()))
          .setAgentId(Protos.AgentID.newBuilder().setValue(agent.value()))
          .build();
    }

    @Override
    public List<String> fetched() {
      return List.of();
    }
  }

  private FrameworkRuntime begin(Master master) throws InterruptedException {
    FrameworkStore store =
        ZooKeeperFrameworkStore.open(
            client, "/heron", new Submission("words", "words-id"), Clock.systemUTC());
    Blueprint blueprint =
        new Blueprint(
            "words",
            "words-id",
            FrameworkInfo.newBuilder()
                .setUser("bench")
                .setName("words")
                .setFailoverTimeout(604_800)
                .build(),
            Timing.DEFAULT,
            new Describer());
    Map<ContainerId, Size> sizes = new LinkedHashMap<>();
    for (int id = 0; id < containers; id++) {
      sizes.put(new ContainerId(id), SIZE);
    }
    Snapshot snapshot = store.takeOver("benchmark").join();
    FrameworkRuntime runtime =
        FrameworkRuntime.restore(
            new Core(blueprint),
            blueprint,
            store,
            snapshot,
            sizes,
            Clock.systemUTC(),
            "benchmark",
            new FrameworkMetrics("words", "bench", "bench", "bench", Clock.systemUTC()));
    runtime.start(
        listener -> {
          master.listener = listener;
          return master;
        });
    master.listener.accept(new Event.Connected());
    master.listener.accept(new Event.Subscribed("framework-1", "127.0.0.1:5050"));
    until(() -> runtime.state().frameworkId().isPresent());
    return runtime;
  }

  private void launch(FrameworkRuntime runtime, Master master, int offers) throws Exception {
    List<Offer> offered = new ArrayList<>();
    for (int agent = 0; agent < offers; agent++) {
      offered.add(offer(agent));
    }
    long before = transactions();
    long begin = System.nanoTime();
    master.listener.accept(new Event.Offers(offered));
    until(() -> runtime.state().containers().count(Life.LAUNCHING) == containers);
    until(() -> master.accepted.get() > 0);
    long written = transactions() - before;
    System.out.printf(
        "launch of %d containers on %d offers: %.0f ms, %d transactions (%.4f per container, %.4f"
            + " per accepted offer)%n",
        containers,
        master.accepted.get(),
        millis(begin),
        written,
        written / (double) containers,
        written / (double) master.accepted.get());
  }

  private void burst(FrameworkRuntime runtime, Master master, int updates) throws Exception {
    List<Task> tasks =
        StreamSupport.stream(runtime.state().containers().spliterator(), false)
            .flatMap(container -> container.task().stream())
            .toList();
    long before = transactions();
    long begin = System.nanoTime();
    long most = 0;
    for (int update = 0; update < updates; update++) {
      Task task = tasks.get(update % tasks.size());
      TaskState state = update < tasks.size() ? TaskState.TASK_STARTING : TaskState.TASK_RUNNING;
      master.listener.accept(
          new Event.TaskUpdated(
              new StatusUpdate(
                  task.id(),
                  state,
                  Optional.of(task.agent()),
                  "",
                  "",
                  Optional.of(ByteString.copyFromUtf8("0123456789abcdef")))));
      if (update % 1_000 == 0) {
        most = Math.max(most, used());
      }
    }
    until(() -> master.acknowledged.get() == updates);
    System.out.printf(
        "burst of %d updates: %.0f ms, every one acknowledged, %d transactions, heap in use at most"
            + " %d MiB (garbage included)%n",
        updates, millis(begin), transactions() - before, most >> 20);
  }

  private void coldStart() throws InterruptedException {
    Master master = new Master();
    long begin = System.nanoTime();
    try (FrameworkRuntime runtime = begin(master)) {
      until(() -> master.asked.get() == containers);
      double asked = millis(begin);
      for (Task task :
          StreamSupport.stream(runtime.state().containers().spliterator(), false)
              .flatMap(container -> container.task().stream())
              .toList()) {
        master.listener.accept(
            new Event.TaskUpdated(
                new StatusUpdate(
                    task.id(),
                    TaskState.TASK_RUNNING,
                    Optional.of(task.agent()),
                    "",
                    "REASON_RECONCILIATION",
                    Optional.empty())));
      }
      until(() -> runtime.state().reconciliation().unanswered().isEmpty());
      System.out.printf(
          "cold start with %d records: %.0f ms until Mesos was asked for every task, %.0f ms until"
              + " every answer was taken in%n",
          containers, asked, millis(begin));
    }
  }

  /** The writer counts its transactions in its epoch's node. */
  private long transactions() throws Exception {
    for (String child : client.getChildren().forPath(NODE)) {
      if (child.startsWith("epoch-")) {
        return FrameworkRecords.Epoch.parseFrom(client.getData().forPath(NODE + "/" + child))
            .getSequence();
      }
    }
    throw new IllegalStateException("nobody writes below " + NODE);
  }

  private static Offer offer(int agent) {
    Value.Ranges ports =
        Value.Ranges.newBuilder()
            .addRange(Value.Range.newBuilder().setBegin(10_000).setEnd(60_000))
            .build();
    return Offer.newBuilder()
        .setId(Protos.OfferID.newBuilder().setValue("offer-" + agent))
        .setFrameworkId(Protos.FrameworkID.newBuilder().setValue("framework-1"))
        .setAgentId(Protos.AgentID.newBuilder().setValue("agent-" + agent))
        .setHostname("agent-" + agent + ".example")
        .addResources(scalar("cpus", 64))
        .addResources(scalar("mem", 256_000))
        .addResources(scalar("disk", 1_000_000))
        .addResources(
            Resource.newBuilder().setName("ports").setType(Value.Type.RANGES).setRanges(ports))
        .build();
  }

  private static Resource scalar(String name, double amount) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(amount))
        .build();
  }

  private static long used() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static double millis(long begin) {
    return (System.nanoTime() - begin) / 1e6;
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("has not come to pass within five minutes");
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }
}
