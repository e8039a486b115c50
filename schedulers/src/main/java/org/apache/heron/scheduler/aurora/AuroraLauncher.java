package org.apache.heron.scheduler.aurora;

import java.util.Optional;
import org.apache.heron.service.inprocess.LibraryLaunch;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;

/**
 * Launches a topology as a job of Apache Aurora, in the process of {@code heron submit}: Aurora
 * keeps the containers running from then on. Not thread-safe.
 */
public final class AuroraLauncher implements ILauncher {
  private LaunchContext context;

  /** For reflection. */
  public AuroraLauncher() {}

  @Override
  public void initialize(LaunchContext launchContext) {
    context = launchContext;
    check(context.cluster(), context.topology().getName());
  }

  @Override
  public void check(Config cluster, String topology) {
    JobKey.of(cluster, topology);
    new AuroraSettings(cluster).check();
  }

  @Override
  public void launch(PackingPlan plan) {
    LibraryLaunch.run(context, plan, new AuroraScheduler());
  }

  @Override
  public Optional<BackEnd> backEnd(Config local, Config cluster) {
    return Optional.of(new AuroraBackEnd(local, System.getenv().getOrDefault("PATH", "")));
  }

  @Override
  public void cleanUp() {
    // Nothing is left on this host: the job is in Aurora, the package with the uploader.
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
