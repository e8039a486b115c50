package org.apache.heron.client.submit;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.scheduler.SchedulerClients;
import org.apache.heron.client.scheduler.Termination;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.submission.Submission;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.service.call.Route;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.packing.PackingPlanProtos;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.spi.topology.TopologyDefinition;
import org.apache.heron.spi.uploader.IUploader;

/**
 * The second half of a submit: from a plan to running containers. Everything that it leaves outside
 * its own process is on the undo stack from the moment that it may be there.
 */
final class Launch {
  private final SubmitRequest request;
  private final Settings settings;
  private final TopologyDefinition definition;
  private final PackingPlan plan;
  private final Plugins plugins;
  private final Progress progress;
  private final String name;
  private final String id;

  /**
   * @param settings with the topology's own values
   * @param definition whose number of containers is the plan's
   */
  Launch(
      SubmitRequest request,
      Settings settings,
      TopologyDefinition definition,
      PackingPlan plan,
      Plugins plugins,
      Progress progress) {
    this.request = request;
    this.settings = settings;
    this.definition = definition;
    this.plan = plan;
    this.plugins = plugins;
    this.progress = progress;
    this.name = definition.topology().getName();
    this.id = definition.topology().getId();
  }

  /** Makes the package when the name is known to be free. */
  interface PackageMaker {
    Path make();
  }

  /** Returns the web pages of the job. */
  @SuppressWarnings("try") // the claim is held, not used
  List<String> run(PackageMaker maker, Cancellation cancellation) throws InterruptedException {
    Config local = settings.local();
    try (IStateManager state = plugins.stateManager(local);
        IUploader uploader = plugins.uploader(local);
        ILauncher launcher = plugins.launcher(local)) {
      launcher.check(settings.cluster(), name);
      progress.stage("connecting to shared state");
      state.initialize(local);
      try (NameClaim claim = NameClaim.take(state, name, settings.target())) {
        maker.make();
        cancellation.check();
        return run(state, uploader, launcher, cancellation);
      }
    }
  }

  private List<String> run(
      IStateManager state, IUploader uploader, ILauncher launcher, Cancellation cancellation)
      throws InterruptedException {
    UndoStack undo = new UndoStack(progress);
    try {
      launch(state, uploader, launcher, undo, cancellation);
      undo.commit();
      List<String> links = links(state);
      progress.stage("");
      links.forEach(link -> progress.info("Job page: " + link));
      // Said before the launcher is closed: one that keeps the scheduler on this terminal waits.
      progress.info("Successfully launched topology '" + name + "'");
      return links;
    } finally {
      // Undoing must not be stopped by the interrupt that began it.
      boolean interrupted = Thread.interrupted();
      undo.unwind();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void launch(
      IStateManager state,
      IUploader uploader,
      ILauncher launcher,
      UndoStack undo,
      Cancellation cancellation)
      throws InterruptedException {
    claim(state, undo);
    cancellation.check();
    URI packageUri = upload(uploader, ours(state), undo);
    cancellation.check();
    record(state, undo, Optional.of(packageUri).filter(uri -> uploader.deletesByUri()));
    cancellation.check();
    progress.stage("starting the scheduler");
    launcher.initialize(
        new LaunchContext(
            settings.local(), settings.cluster(), definition.topology(), packageUri, state));
    undo.done("what the launcher left on this host", launcher::cleanUp);
    undo.done("the scheduler of topology '" + name + "'", () -> stopScheduler(ours(state)));
    launcher.launch(plan);
    // Said before the wait, in which it is most wanted.
    launcher.schedulerLog().ifPresent(log -> progress.info("Scheduler's log: " + log));
    cancellation.check();
    new LaunchWatch(schedulers(state), ours(state), progress).await(request, cancellation);
  }

  /** This very one: whoever kills it frees the name, and another may have it before our undoing. */
  private Submission ours(IStateManager state) {
    return new Submission(state, name, Optional.of(id));
  }

  private URI upload(IUploader uploader, Submission ours, UndoStack undo) {
    Config local = settings.local();
    long bytes =
        Path.of(local.string(org.apache.heron.spi.config.Key.TOPOLOGY_PACKAGE_FILE))
            .toFile()
            .length();
    String stage = "uploading " + Sizes.text(bytes);
    progress.stage(stage);
    uploader.progress(new UploadStage(stage, progress));
    uploader.initialize(local);
    URI uri = uploader.uploadPackage();
    undo.done(
        "the package at " + uri,
        () -> {
          ours.requireNoOther();
          if (!uploader.undo()) {
            throw new ClientException("the uploader cannot take it back");
          }
        });
    return uri;
  }

  /**
   * Makes the name ours. Before the upload, because packages are named for the topology: the slower
   * of two submits would replace the other's package, and take it away when it is refused.
   */
  private void claim(IStateManager state, UndoStack undo) {
    if (!state.create(StateKind.TOPOLOGY, name, definition.trimmed())) {
      throw new ClientException(
          "Failed to set topology definition for topology '"
              + name
              + "': another submit of that name was faster");
    }
    undo.done(
        "the definition of topology '" + name + "' in shared state",
        () -> ours(state).delete(StateKind.TOPOLOGY));
  }

  /** In upstream's order, after the topology: packing plan, execution state. */
  private void record(IStateManager state, UndoStack undo, Optional<URI> recordedUri) {
    progress.stage("writing shared state");
    undo.done(
        "the packing plan of topology '" + name + "' in shared state",
        () -> ours(state).delete(StateKind.PACKING_PLAN));
    // Put, not create: the topology's node is the claim; others are leftovers of this name.
    state.put(StateKind.PACKING_PLAN, name, PackingPlanProtos.toProto(plan));
    undo.done(
        "the execution state of topology '" + name + "' in shared state",
        () -> ours(state).delete(StateKind.EXECUTION_STATE));
    state.put(
        StateKind.EXECUTION_STATE,
        name,
        Executions.of(settings.local(), Instant.now(), recordedUri));
    // An earlier topology of this name, killed by an older client, may have left checkpoints.
    state.delete(StateKind.STATEFUL_CHECKPOINTS, name);
    state.delete(StateKind.PENDING_UPDATE, name);
  }

  private SchedulerClients schedulers(IStateManager state) {
    // What was launched just now is where this host can reach it.
    return new SchedulerClients(settings, name, plugins, state, Route.DIRECT);
  }

  private void stopScheduler(Submission ours) throws InterruptedException {
    progress.stage("stopping the scheduler");
    // In this order: a location that was there before the name was another's is our own.
    Optional<SchedulerLocation> location = ours.state().get(StateKind.SCHEDULER_LOCATION, name);
    ours.requireNoOther();
    if (location.isPresent()) {
      new Termination(schedulers(ours.state()), progress).kill(location.get());
    }
    // With what containers that had started may have written.
    for (StateKind<?> kind :
        List.of(
            StateKind.SCHEDULER_LOCATION,
            StateKind.TMANAGER_LOCATION,
            StateKind.METRICS_CACHE_LOCATION,
            StateKind.PHYSICAL_PLAN,
            StateKind.STATEFUL_CHECKPOINTS)) {
      ours.delete(kind);
    }
  }

  private List<String> links(IStateManager state) {
    return state
        .get(StateKind.SCHEDULER_LOCATION, name)
        .map(location -> List.copyOf(location.getJobPageLinkList()))
        .orElse(List.of());
  }
}
