package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.scheduler.nomad.job.ContainerJob;
import org.apache.heron.scheduler.nomad.job.JobSettings;
import org.apache.heron.scheduler.nomad.job.Need;
import org.apache.heron.scheduler.nomad.job.Packages;
import org.apache.heron.scheduler.nomad.rest.NomadApi;
import org.apache.heron.scheduler.nomad.rest.Shortage;
import org.apache.heron.scheduler.nomad.view.Reports;
import org.apache.heron.service.inprocess.LibraryLaunch;
import org.apache.heron.service.plugin.SchedulerPlugin;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;

/** Hands a topology to {@link NomadScheduler} in this process. Not thread-safe. */
public final class NomadLauncher implements ILauncher {
  private LaunchContext context;

  /** For reflection. */
  public NomadLauncher() {}

  @Override
  public void initialize(LaunchContext launchContext) {
    context = launchContext;
    check(context.cluster(), context.topology().getName());
  }

  @Override
  public void check(Config cluster, String topology) {
    JobSettings.of(cluster);
  }

  @Override
  public void launch(PackingPlan plan) {
    LibraryLaunch.run(
        context, plan, SchedulerPlugin.create(context.local(), getClass().getClassLoader()));
  }

  /**
   * Asks Nomad for a plan of one job with all containers as its groups, which registers nothing.
   */
  @Override
  public Explanation survey(PackingPlan plan) {
    Topology topology = context.topology();
    JobSettings settings = JobSettings.of(context.local());
    NomadApi api = new NomadApi(context.local(), System.getenv());
    ContainerJob described =
        ContainerJob.of(
            settings,
            context.local(),
            context.cluster(),
            topology,
            Packages.submitted(context.local(), context.packageUri().toString()),
            plan.componentRam());
    Map<Integer, Need> needs = new TreeMap<>();
    needs.put(0, settings.need(Optional.empty()));
    plan.containers().forEach(each -> needs.put(each.id(), settings.need(Optional.of(each))));
    Map<String, Shortage> shortages = api.plan(together(described, needs));
    Reports reports =
        new Reports(
            topology.getName(),
            topology.getId(),
            api.server().toString(),
            needs,
            settings.megahertz());
    return reports.survey(System.currentTimeMillis(), shortages);
  }

  private static ObjectNode together(ContainerJob described, Map<Integer, Need> needs) {
    List<ObjectNode> jobs = new ArrayList<>();
    needs.forEach((id, need) -> jobs.add(described.job(id, need)));
    ObjectNode first = jobs.get(0);
    String id = described.topology().getId() + "-plan";
    first.put("ID", id).put("Name", id);
    ArrayNode groups = (ArrayNode) first.path("TaskGroups");
    jobs.subList(1, jobs.size()).forEach(job -> groups.add(job.path("TaskGroups").path(0)));
    return first;
  }

  @Override
  public Optional<BackEnd> backEnd(Config local, Config cluster) {
    return Optional.of(new NomadBackEnd(local, System.getenv()));
  }

  @Override
  public void cleanUp() {
    // Nothing of a topology is kept on this host.
  }

  @Override
  public void close() {
    // Nothing is open between two calls.
  }
}
