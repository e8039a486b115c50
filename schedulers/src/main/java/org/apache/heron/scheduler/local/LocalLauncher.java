package org.apache.heron.scheduler.local;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.scheduler.local.core.Container;
import org.apache.heron.scheduler.local.process.Remains;
import org.apache.heron.scheduler.local.sandbox.CorePackage;
import org.apache.heron.scheduler.local.sandbox.Layout;
import org.apache.heron.scheduler.local.sandbox.Records;
import org.apache.heron.service.launch.LaunchRecord;
import org.apache.heron.service.launch.LaunchRequest;
import org.apache.heron.service.launch.SchedulerLaunch;
import org.apache.heron.service.launch.WorkingDirectory;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.packing.ContainerPlan;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.Resource;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerStatus;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a topology's scheduler process on this host, in a working directory of its own, beneath
 * which its containers run. With {@code heron.scheduler.background} false the process stays a child
 * on the same terminal, and {@link #close} waits for its end. Not thread-safe.
 */
public final class LocalLauncher implements ILauncher {
  private static final Logger LOG = LoggerFactory.getLogger(LocalLauncher.class);

  private LaunchContext context;
  private LaunchRequest request;
  private WorkingDirectory directory;
  private SchedulerLaunch launch;

  /** For reflection. */
  public LocalLauncher() {}

  @Override
  public void initialize(LaunchContext launchContext) {
    context = launchContext;
    check(context.cluster(), context.topology().getName());
    request = LaunchRequest.of(context, List.of());
    directory = request.workingDirectory(LocalSettings.WORKING_DIRECTORY_KEY);
    launch =
        new SchedulerLaunch(
            request,
            context.state(),
            directory,
            new LaunchFile(directory, request.topologyId()),
            this::endRemains);
  }

  @Override
  public void check(Config cluster, String topology) {
    LocalSettings.timing(cluster);
    LocalSettings.health(cluster);
  }

  @Override
  public void launch(PackingPlan plan) {
    Config local = context.local();
    String binary = local.string(Key.TOPOLOGY_BINARY_FILE);
    LaunchRecord record =
        new LaunchRecord(
            context.topology().getId(),
            binary.substring(binary.lastIndexOf('/') + 1),
            context.packageUri().toString(),
            CorePackage.configured(local));
    launch.first(local.path(Key.TOPOLOGY_PACKAGE_FILE), record);
  }

  private void endRemains() {
    int ended = Remains.endAllIn(directory.path());
    if (ended > 0) {
      LOG.warn("{} processes that were left in {} were ended", ended, directory.path());
    }
  }

  @Override
  public boolean resume(PackingPlan plan) {
    if (!isHere()) {
      Optional<String> elsewhere = Elsewhere.anywhere(context, directory.path());
      if (elsewhere.isPresent()) {
        throw new SchedulerException(
            "topology '"
                + context.topology().getName()
                + "' cannot be gone on with here: "
                + elsewhere.get());
      }
    }
    return launch.again();
  }

  private boolean isHere() {
    return new LaunchFile(directory, request.topologyId()).hasBegun();
  }

  @Override
  public Optional<String> survivor() {
    // What is left in the directory ends when that is cleaned up.
    return isHere() ? Optional.empty() : Elsewhere.anywhere(context, directory.path());
  }

  @Override
  public String standBy() {
    throw new SchedulerException(
        "the containers of a local topology run on without a scheduler, so none need stand by;"
            + " start one again with heron scheduler resume");
  }

  /** Everything fits on one host, since nothing is kept from anybody; but it may become slow. */
  @Override
  public Explanation survey(PackingPlan plan) {
    List<Explanation.Container> containers = new ArrayList<>();
    containers.add(planned(0, Resource.EMPTY));
    Resource all = Resource.EMPTY;
    for (ContainerPlan container : plan.containers()) {
      containers.add(planned(container.id(), container.required()));
      all = all.plus(container.required());
    }
    int cpus = Runtime.getRuntime().availableProcessors();
    String problem =
        all.cpu() > cpus
            ? "the containers are planned with " + all.cpu() + " cpus, and this host has " + cpus
            : "";
    return new Explanation(
        context.topology().getName(),
        Instant.now().toEpochMilli(),
        SchedulerStatus.Phase.REGISTERING,
        problem,
        Reports.NO_MARKET,
        containers,
        List.of());
  }

  private static Explanation.Container planned(int id, Resource size) {
    return new Explanation.Container(
        id,
        "FITS",
        "would run on " + LocalScheduler.localHostName(),
        0,
        0,
        0,
        0,
        "",
        Reports.needs(size),
        List.of(),
        0,
        List.of());
  }

  @Override
  public Optional<TopologyHistory> recordedHistory() {
    List<Container> containers = new Records(new Layout(directory.path())).all();
    return containers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Reports.history(
                context.topology().getName(), "the records in " + directory.path(), containers));
  }

  @Override
  public Optional<BackEnd> backEnd(Config local, Config cluster) {
    return Optional.of(new LocalBackEnd(local));
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
    if (launch != null) {
      launch.await();
    }
  }
}
