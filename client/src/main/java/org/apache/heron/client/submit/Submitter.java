package org.apache.heron.client.submit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.bundle.TopologyPackage;
import org.apache.heron.client.definition.TopologyFile;
import org.apache.heron.client.dryrun.SubmitDryRun;
import org.apache.heron.client.limits.PlanLimits;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.submit.DefinitionMaker.Definitions;
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
    return submit(request, work -> definitions(request, work));
  }

  /**
   * Submits a topology whose main has run elsewhere, as {@link #submit(SubmitRequest)} does.
   *
   * @param definition what the main has written; stays as it is
   */
  public SubmitResult submit(SubmitRequest request, Path definition) throws InterruptedException {
    return submit(request, work -> uploaded(request, definition, work)).get(0);
  }

  /**
   * Says for every topology of the file's main what the cluster has for it today; nothing is left
   * anywhere.
   *
   * @throws ClientException or another exception with a message for the user
   * @throws InterruptedException if the JVM is ending
   */
  public List<Explanation> plan(SubmitRequest request) throws InterruptedException {
    return plan(request, work -> definitions(request, work));
  }

  /** As {@link #plan(SubmitRequest)}, of a topology whose main has run elsewhere. */
  public Explanation plan(SubmitRequest request, Path definition) throws InterruptedException {
    return plan(request, work -> uploaded(request, definition, work)).get(0);
  }

  /** Where the definitions come from. */
  private interface Source {
    Definitions make(Path work) throws InterruptedException;
  }

  /** What is done with each of the topologies. */
  private interface Deed<T> {
    T of(TopologyFile file, Path definition, Plugins plugins, Cancellation cancellation)
        throws InterruptedException;
  }

  private List<SubmitResult> submit(SubmitRequest request, Source source)
      throws InterruptedException {
    return each(
        request,
        source,
        (file, definition, plugins, cancellation) ->
            submit(request, file, definition, plugins, cancellation));
  }

  private List<Explanation> plan(SubmitRequest request, Source source) throws InterruptedException {
    return each(
        request,
        source,
        (file, definition, plugins, cancellation) ->
            survey(prepare(request, file, definition, plugins), plugins));
  }

  private <T> List<T> each(SubmitRequest request, Source source, Deed<T> deed)
      throws InterruptedException {
    return TemporaryFiles.use(
        "heron-submit",
        UNDO_PATIENCE,
        (work, cancellation) -> {
          Plugins plugins = Plugins.withClassPath(request.extraLaunchClassPath());
          Definitions made = source.make(work);
          List<T> results = new ArrayList<>();
          for (Path definition : made.files()) {
            cancellation.check();
            results.add(deed.of(made.file(), definition, plugins, cancellation));
          }
          return results;
        });
  }

  private Explanation survey(Prepared prepared, Plugins plugins) throws InterruptedException {
    Settings settings = prepared.settings();
    progress.stage("asking the cluster what it has");
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

  private Definitions definitions(SubmitRequest request, Path work) throws InterruptedException {
    Settings settings = request.settings();
    return new DefinitionMaker(environment, progress)
        .make(request.main(), settings.installation().home(), settings.target(), work);
  }

  /** As if the main had written it here, where it may be changed. */
  private static Definitions uploaded(SubmitRequest request, Path definition, Path work) {
    try {
      String name = TopologyDefinition.read(definition).topology().getName();
      TopologyDefinition.validateName(name);
      Path copy = directory(work, "definitions").resolve(name + ".defn");
      Files.copy(definition, copy);
      return new Definitions(TopologyFile.of(Path.of(request.topologyFile())), List.of(copy));
    } catch (IOException e) {
      throw new ClientException("Cannot write to the temporary directory: " + e, e);
    }
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
    PlanLimits.requireCountable(
        definition.config().parallelism().values(), "The topology's definition");
    String name = definition.topology().getName();
    Path packageFile =
        directory(definitionFile.resolveSibling(name + ".package"), "").resolve("topology.tar.gz");
    Settings settings =
        TopologyValues.add(request.settings(), definition, definitionFile, packageFile, file);
    definition.config().reliabilityMode().shortfall().ifPresent(progress::warn);
    progress.stage("packing");
    PackingPlan plan = pack(plugins, settings, definition);
    requireRoom(plugins, settings, definition, plan);
    return new Prepared(definition, settings, plan, packageFile);
  }

  private void requireRoom(
      Plugins plugins, Settings settings, TopologyDefinition definition, PackingPlan plan) {
    try (IStateManager state = plugins.stateManager(settings.local())) { // not connected
      PlanLimits limits = new PlanLimits(state.mostBytes());
      limits.require(definition.trimmed(), plan);
      limits.doubt(definition.trimmed(), plan).ifPresent(progress::warn);
    }
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

  private static Path directory(Path parent, String name) {
    try {
      return Files.createDirectories(name.isEmpty() ? parent : parent.resolve(name));
    } catch (IOException e) {
      throw new ClientException("Cannot create directory '" + parent + "': " + e, e);
    }
  }
}
