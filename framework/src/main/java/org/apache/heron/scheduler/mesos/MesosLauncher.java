package org.apache.heron.scheduler.mesos;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.heron.framework.launch.LaunchNode;
import org.apache.heron.framework.status.HistoryReport;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.StorageException;
import org.apache.heron.framework.storage.ZooKeeperFrameworkStore;
import org.apache.heron.framework.task.FrameworkDescription;
import org.apache.heron.framework.task.PackageUri;
import org.apache.heron.service.launch.LaunchRecord;
import org.apache.heron.service.launch.LaunchRequest;
import org.apache.heron.service.launch.SchedulerLaunch;
import org.apache.heron.service.launch.WorkingDirectory;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.TopologyHistory;

/**
 * Starts a topology's scheduler process on the submitting host, in a working directory of its own.
 * With {@code heron.scheduler.background} false the process stays a child on the same terminal, and
 * {@link #close} waits for its end. Not thread-safe.
 */
public final class MesosLauncher implements ILauncher {
  /** Where the scheduler process of a topology works. */
  static final String WORKING_DIRECTORY_KEY = "heron.scheduler.mesos.scheduler.working.directory";

  // Mesos' generated classes are of an older protobuf; the warning would fill the output.
  private static final List<String> JVM_OPTIONS =
      List.of("-Dcom.google.protobuf.use_unsafe_pre22_gencode");

  private LaunchContext context;
  private LaunchRequest request;
  private WorkingDirectory directory;
  private LaunchNode node;
  private SchedulerLaunch launch;

  /** For reflection. */
  public MesosLauncher() {}

  @Override
  public void initialize(LaunchContext launchContext) {
    context = launchContext;
    Config local = context.local();
    String topology = context.topology().getName();
    // Errors in what the scheduler will read are better found before anything is started.
    new MesosSettings(context.cluster()).check(topology);
    request = LaunchRequest.of(context, JVM_OPTIONS);
    directory = request.workingDirectory(WORKING_DIRECTORY_KEY);
    node =
        new LaunchNode(
            FrameworkRecords.client(local, context.state()),
            local.string(Key.STATEMGR_ROOT_PATH),
            topology);
    launch = new SchedulerLaunch(request, context.state(), directory, node, () -> {});
  }

  @Override
  public void check(Config cluster, String topology) {
    new MesosSettings(cluster).check(topology);
  }

  @Override
  public void launch(PackingPlan plan) {
    Config local = context.local();
    LaunchRecord record =
        new LaunchRecord(
            context.topology().getId(),
            baseName(local.string(Key.TOPOLOGY_BINARY_FILE)),
            context.packageUri().toString(),
            // Only here do tokens stand for the submitting host's directories.
            local.string(Key.CORE_PACKAGE_URI));
    checkPackage(record.topologyPackage(), record.topologyId());
    checkPackage(record.corePackage(), record.topologyId());
    launch.first(local.path(Key.TOPOLOGY_PACKAGE_FILE), record);
  }

  private static void checkPackage(String uri, String topologyId) {
    try {
      new PackageUri(uri, topologyId).check();
    } catch (IllegalArgumentException e) {
      throw new SchedulerException(e.getMessage(), e);
    }
  }

  @Override
  public boolean resume(PackingPlan plan) {
    Optional<String> adopted = adoptSurvivor();
    try {
      return launch.again();
    } catch (SchedulerException e) {
      throw adopted.isEmpty()
          ? e
          : new SchedulerException(e.getMessage() + ". " + Survivors.teardown(adopted.get()), e);
    }
  }

  /** The framework's id, if one runs that nothing was on record of and is on record now. */
  private Optional<String> adoptSurvivor() {
    Optional<FrameworkRecord> found = unrecorded();
    found.ifPresent(node::adopt);
    return found.flatMap(FrameworkRecord::frameworkId);
  }

  private Optional<FrameworkRecord> unrecorded() {
    if (node.hasBegun()) {
      return Optional.empty(); // on record: the scheduler itself looks for what is missing
    }
    boolean launched = node.read().isPresent();
    Config cluster = context.cluster();
    String topology = context.topology().getName();
    String topologyId = context.topology().getId();
    try {
      return new Survivors(
              new MesosSettings(cluster).driver(),
              FrameworkDescription.of(cluster, topology, topologyId),
              topology,
              topologyId)
          .find()
          .flatMap(Snapshot::framework);
    } catch (SchedulerException e) {
      if (launched) {
        // Most likely the submit could not reach that master either, and was never registered.
        return Optional.empty();
      }
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchedulerException("interrupted while Mesos was asked for its frameworks", e);
    }
  }

  @Override
  public Optional<String> survivor() {
    return unrecorded()
        .flatMap(FrameworkRecord::frameworkId)
        .map(id -> "its framework " + id + " runs in Mesos. " + Survivors.teardown(id));
  }

  @Override
  public Explanation survey(PackingPlan plan) throws InterruptedException {
    return PlanSurvey.of(context.cluster(), context.topology().getName(), plan);
  }

  @Override
  public String standBy() {
    SchedulerLaunch.Standby standby = launch.standBy();
    return "process " + standby.process().pid() + " stands by; its log is " + standby.log();
  }

  @Override
  public Optional<TopologyHistory> recordedHistory() {
    Config local = context.local();
    String topology = context.topology().getName();
    String servers = local.string(Key.STATEMGR_CONNECTION_STRING);
    try (CuratorFramework client = FrameworkRecords.client(local, context.state())) {
      return ZooKeeperFrameworkStore.read(client, local.string(Key.STATEMGR_ROOT_PATH), topology)
          .map(found -> HistoryReport.of(topology, "the records in ZooKeeper " + servers, found));
    } catch (StorageException e) {
      throw new SchedulerException(e.getMessage(), e);
    }
  }

  @Override
  public Optional<BackEnd> backEnd(Config local, Config cluster) {
    return Optional.of(new MesosBackEnd(local, cluster));
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public boolean startedHere() {
    return directory.holds(context.topology().getId());
  }

  @Override
  public Optional<Path> schedulerLog() {
    return Optional.of(directory.log());
  }

  @Override
  public void cleanUp() {
    launch.cleanUp();
  }

  @Override
  public void close() {
    try {
      if (launch != null) {
        launch.await();
      }
    } finally {
      if (node != null) {
        node.close();
      }
    }
  }
}
