package org.apache.heron.client.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.ErrorText;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.IStateManager;

/**
 * Looks at all that a cluster needs, in the order in which a submit needs it. Nothing is changed by
 * looking. Used by one thread.
 */
public final class Doctor implements AutoCloseable {
  private final DoctorRequest request;
  private final Plugins plugins;
  private Optional<Settings> loaded = Optional.empty();
  private Optional<IStateManager> state = Optional.empty();
  private Optional<BackEnd> backEnd = Optional.empty();
  private Optional<TopologyCheck> topologies = Optional.empty();

  public Doctor(DoctorRequest request, Plugins plugins) {
    this.request = request;
    this.plugins = plugins;
  }

  /**
   * Makes every check that can be made. A failure is a finding, never an exception.
   *
   * @throws InterruptedException if the JVM is ending
   */
  public Checkup examine(Listener listener) throws InterruptedException {
    Checkup.Collector found = new Checkup.Collector(listener);
    List<DeadTopology> dead = new ArrayList<>();
    found.section("Configuration");
    Optional<Settings> settings = settings(found);
    if (settings.isEmpty()) {
      return found.result(dead);
    }
    loaded = settings;
    Config local = settings.get().local();
    guarded(
        "classes", found, () -> new ConfigurationCheck(settings.get(), found::found).run(plugins));
    found.section("Java");
    guarded("java", found, () -> JavaCheck.run(local, request.environment(), found::found));
    found.section("Shared state");
    guarded("state", found, () -> state = new StateCheck(local, found::found).open(plugins));
    found.section("Scheduler");
    guarded("back end", found, () -> backEnd = backEnd(settings.get(), found));
    if (backEnd.isPresent()) {
      guarded("back end", found, () -> backEnd.get().check(found::found));
    }
    found.section("Topologies");
    if (state.isPresent()) {
      topologies = Optional.of(new TopologyCheck(local, request.target(), state.get(), backEnd));
      guarded("topology", found, () -> dead.addAll(topologies.get().run(found::found)));
    } else {
      found.found(Finding.skipped("topology", "shared state cannot be read"));
    }
    found.section("Packages");
    guarded("core package", found, () -> found.found(CorePackageCheck.run(local)));
    if (request.fetch() && backEnd.isPresent()) {
      guarded("fetch", found, () -> backEnd.get().fetchCore(found::found));
    }
    guarded("uploader", found, () -> new UploaderCheck(settings.get(), found::found).run(plugins));
    return found.result(dead);
  }

  private Optional<Settings> settings(Listener found) {
    try {
      return Optional.of(
          Settings.load(
              request.installation(), request.target(), request.switches(), Progress.NONE));
    } catch (ClientException | ConfigException e) {
      found.found(
          Finding.failed(
              "files",
              e.getMessage(),
              "correct that first; clusters are the directories in "
                  + request.installation().configRoot()));
      return Optional.empty();
    }
  }

  private Optional<BackEnd> backEnd(Settings settings, Listener found) {
    try {
      Config local = asReached(settings.local());
      Optional<BackEnd> made = plugins.launcher(local).backEnd(local, settings.cluster());
      if (made.isEmpty()) {
        found.found(
            Finding.skipped("back end", "this scheduler's launcher knows of nothing to look at"));
      }
      return made;
    } catch (ClientException | ConfigException | SchedulerException | IllegalArgumentException e) {
      found.found(
          Finding.failed(
              "back end",
              e.getMessage(),
              "correct scheduler.yaml in " + settings.clusterDirectory()));
      return Optional.empty();
    }
  }

  /** With shared state where it has been reached, perhaps at the end of a tunnel. */
  private Config asReached(Config local) {
    return state
        .flatMap(IStateManager::reachedAt)
        .map(servers -> local.with(Key.STATEMGR_CONNECTION_STRING, servers))
        .orElse(local);
  }

  /** Some checks of one kind. */
  private interface Checks {
    void run() throws InterruptedException;
  }

  /** What ends these checks is a finding, so that those after them are made. */
  private static void guarded(String check, Listener found, Checks checks)
      throws InterruptedException {
    try {
      checks.run();
    } catch (RuntimeException e) { // classes that the configuration names may throw anything
      found.found(
          Finding.failed(
              check,
              ErrorText.of(e, "the class that the configuration names may be at fault"),
              ErrorText.isForUsers(e)
                  ? "correct it as its message says"
                  : "have the configuration name another class, or report it to whoever made it"));
    }
  }

  /**
   * Removes what a dead topology has left, if it is dead still. Only after {@link #examine}.
   *
   * @return what became of it
   */
  public Finding remove(DeadTopology dead) throws InterruptedException {
    Remnants remnants = new Remnants(loaded.orElseThrow(), plugins, state.orElseThrow());
    return new Repair(state.orElseThrow(), backEnd, topologies.orElseThrow(), remnants)
        .remove(dead.name());
  }

  @Override
  public void close() {
    backEnd.ifPresent(BackEnd::close);
    state.ifPresent(IStateManager::close);
  }
}
