package org.apache.heron.client.submit;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.bundle.TopologyPackage;
import org.apache.heron.client.definition.MainRequest;
import org.apache.heron.client.definition.TopologyDownload;
import org.apache.heron.client.definition.TopologyFile;
import org.apache.heron.client.definition.TopologyMain;
import org.apache.heron.client.dryrun.SubmitDryRun;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.config.OverrideFile;
import org.apache.heron.spi.packing.IPacking;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.topology.TopologyDefinition;

/**
 * Submits a topology file: definitions by its main, then for each a plan, a package, a record in
 * shared state, a scheduler. Either all of that is there at the end, or nothing.
 */
public final class Submitter {
  private static final Duration MAIN_LIMIT = Duration.ofMinutes(10);

  /** For undoing after Ctrl-C: killing what was launched takes the containers' grace period. */
  private static final Duration UNDO_PATIENCE = Duration.ofSeconds(60);

  private final Map<String, String> environment;
  private final Progress progress;

  /**
   * @param environment in which the topology's main runs
   */
  public Submitter(Map<String, String> environment, Progress progress) {
    this.environment = Map.copyOf(environment);
    this.progress = progress;
  }

  /**
   * Submits every topology of the file's main, one after the other; returns when all their
   * containers run.
   *
   * @throws ClientException or another exception with a message for the user, if one cannot be
   *     submitted; those before it stay
   * @throws InterruptedException if the JVM is ending; everything was taken back then
   */
  public List<SubmitResult> submit(SubmitRequest request) throws InterruptedException {
    Path work = temporaryDirectory();
    try (Cancellation cancellation = Cancellation.ofThisThread(UNDO_PATIENCE)) {
      try {
        return submit(request, work, cancellation);
      } catch (RuntimeException e) {
        if (cancellation.requested()) {
          throw (InterruptedException) new InterruptedException("cancelled").initCause(e);
        }
        throw e;
      } finally {
        TemporaryFiles.delete(work);
      }
    }
  }

  /**
   * Says for every topology of the file's main what the cluster has for it today; nothing is left
   * anywhere.
   *
   * @throws ClientException or another exception with a message for the user
   * @throws InterruptedException if the JVM is ending
   */
  public List<Explanation> plan(SubmitRequest request) throws InterruptedException {
    Path work = temporaryDirectory();
    try (Cancellation cancellation = Cancellation.ofThisThread(UNDO_PATIENCE)) {
      Plugins plugins = Plugins.withClassPath(request.extraLaunchClassPath());
      TopologyFile file = topologyFile(request, work);
      List<Explanation> explanations = new ArrayList<>();
      for (Path definition : definitions(request, file, work)) {
        cancellation.check();
        Prepared prepared = prepare(request, file, definition, plugins);
        explanations.add(survey(prepared, plugins));
      }
      return explanations;
    } finally {
      TemporaryFiles.delete(work);
    }
  }

  private Explanation survey(Prepared prepared, Plugins plugins) throws InterruptedException {
    Settings settings = prepared.settings();
    progress.stage("asking the cluster for its offers");
    try (IStateManager state = plugins.stateManager(settings.local());
        ILauncher launcher = plugins.launcher(settings.local())) {
      // The state manager is not connected: nothing is to be written.
      launcher.initialize(
          new LaunchContext(
              settings.local(),
              settings.cluster(),
              effective(prepared.definition(), prepared.plan()).topology(),
              LaunchContext.UNKNOWN_PACKAGE,
              state));
      return launcher.survey(prepared.plan());
    }
  }

  private List<SubmitResult> submit(SubmitRequest request, Path work, Cancellation cancellation)
      throws InterruptedException {
    Plugins plugins = Plugins.withClassPath(request.extraLaunchClassPath());
    TopologyFile file = topologyFile(request, work);
    List<SubmitResult> results = new ArrayList<>();
    for (Path definition : definitions(request, file, work)) {
      cancellation.check();
      results.add(submit(request, file, definition, plugins, cancellation));
    }
    return results;
  }

  private List<Path> definitions(SubmitRequest request, TopologyFile file, Path work)
      throws InterruptedException {
    Path definitions = directory(work, "definitions");
    progress.stage("running the topology's main");
    return new TopologyMain(environment, MAIN_LIMIT, progress)
        .run(mainRequest(request, file), definitions);
  }

  private static TopologyFile topologyFile(SubmitRequest request, Path work) {
    Optional<URI> uri = TopologyDownload.uriOf(request.topologyFile());
    Path path =
        uri.isPresent()
            ? TopologyDownload.fetch(uri.get(), directory(work, "downloaded"))
            : Path.of(request.topologyFile());
    return TopologyFile.of(path);
  }

  private static MainRequest mainRequest(SubmitRequest request, TopologyFile file) {
    Settings settings = request.settings();
    return new MainRequest(
        file,
        request.className(),
        request.arguments(),
        request.jvmProperties(),
        settings.installation().home(),
        settings.target().cluster(),
        settings.target().role(),
        settings.target().environ(),
        settings.target().user(),
        request.deactivated());
  }

  private SubmitResult submit(
      SubmitRequest request,
      TopologyFile file,
      Path definitionFile,
      Plugins plugins,
      Cancellation cancellation)
      throws InterruptedException {
    Prepared prepared = prepare(request, file, definitionFile, plugins);
    TopologyDefinition definition = prepared.definition();
    Settings settings = prepared.settings();
    PackingPlan plan = prepared.plan();
    Path packageFile = prepared.packageFile();
    String name = definition.topology().getName();
    progress.info(
        "Launching topology: '"
            + name
            + "'"
            + (request.dryRun().isPresent() ? " in dry-run mode" : ""));
    if (request.dryRun().isPresent()) {
      String text =
          new SubmitDryRun(settings.local().string(Key.PACKING_CLASS), name, plan)
              .render(request.dryRun().get());
      return new SubmitResult(name, "", plan.containers().size() + 1, Optional.of(text), List.of());
    }
    TopologyDefinition effective = effective(definition, plan);
    List<String> links =
        new Launch(request, settings, effective, plan, plugins, progress)
            .run(
                () -> makePackage(settings, file, effective, definitionFile, packageFile),
                cancellation);
    return new SubmitResult(
        name, effective.topology().getId(), plan.containers().size() + 1, Optional.empty(), links);
  }

  /**
   * A topology that is known and packed.
   *
   * @param settings with its own values
   * @param packageFile where its package is to be made
   */
  private record Prepared(
      TopologyDefinition definition, Settings settings, PackingPlan plan, Path packageFile) {}

  private Prepared prepare(
      SubmitRequest request, TopologyFile file, Path definitionFile, Plugins plugins) {
    TopologyDefinition definition = TopologyDefinition.read(definitionFile);
    definition.validate();
    String name = definition.topology().getName();
    Path packageFile =
        directory(definitionFile.resolveSibling(name + ".package"), "").resolve("topology.tar.gz");
    Settings settings =
        TopologyValues.add(request.settings(), definition, definitionFile, packageFile, file);
    definition.config().reliabilityMode().shortfall().ifPresent(progress::warn);
    progress.stage("packing");
    return new Prepared(definition, settings, pack(plugins, settings, definition), packageFile);
  }

  private static PackingPlan pack(
      Plugins plugins, Settings settings, TopologyDefinition definition) {
    try (IPacking packing = plugins.packing(settings.local())) {
      packing.initialize(settings.local(), definition.topology());
      return packing.pack();
    }
  }

  /** The definition with as many containers as the plan, which the algorithm may have chosen. */
  private TopologyDefinition effective(TopologyDefinition definition, PackingPlan plan) {
    int planned = plan.containers().size();
    int wanted = definition.config().stmgrs();
    if (planned == wanted) {
      return definition;
    }
    progress.warn(
        "topology.stmgrs asks for "
            + wanted
            + " containers; the packing algorithm makes "
            + planned);
    return definition.withContainers(planned);
  }

  private Path makePackage(
      Settings settings,
      TopologyFile file,
      TopologyDefinition definition,
      Path definitionFile,
      Path packageFile) {
    progress.stage("building the topology package");
    Path override = packageFile.resolveSibling(OverrideFile.NAME);
    try {
      Files.write(definitionFile, definition.topology().toByteArray());
      OverrideFile.write(
          override,
          OverrideFile.forPackage(settings.raw(), settings.local(), settings.properties()));
    } catch (IOException e) {
      throw new ClientException("Cannot write to the temporary directory: " + e, e);
    }
    new TopologyPackage(
            file.path(),
            definitionFile,
            settings.clusterDirectory(),
            settings.installation().releaseFile(),
            override)
        .write(packageFile);
    return packageFile;
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("heron-submit");
    } catch (IOException e) {
      throw new ClientException(
          "Cannot create a temporary directory in '"
              + System.getProperty("java.io.tmpdir")
              + "': "
              + e.getMessage(),
          e);
    }
  }

  private static Path directory(Path parent, String name) {
    try {
      return Files.createDirectories(name.isEmpty() ? parent : parent.resolve(name));
    } catch (IOException e) {
      throw new ClientException("Cannot create directory '" + parent + "': " + e, e);
    }
  }
}
