package org.apache.heron.scheduler.nomad;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.scheduler.nomad.rest.NomadApi;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * Whether a topology of which Nomad shows no job may run in another Nomad, or in another part of
 * it, than is configured now: Nomad lists the jobs of one namespace of one region, and an empty
 * list is all that it says of the others.
 */
final class Elsewhere {
  private Elsewhere() {}

  /**
   * Where it was registered, and what to do; empty if that is where it was looked for, or nothing
   * of it is on record.
   */
  static Optional<String> of(Config config, NomadApi api, IStateManager state, String topology) {
    Optional<SchedulerLocation> location = state.get(StateKind.SCHEDULER_LOCATION, topology);
    return location.stream()
        .flatMap(found -> found.getJobPageLinkList().stream())
        .flatMap(link -> JobPage.of(link).stream())
        .map(page -> text(config, api, page))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> text(Config config, NomadApi api, JobPage page) {
    List<String> differences = new ArrayList<>();
    if (api.servers().stream().noneMatch(page::isAt)) {
      String then = page.server() + " (if that is no more, name both)";
      differences.add(difference(config, NomadApi.SERVER_KEY, api.servers().toString(), then));
    }
    String namespace =
        config.optionalString(NomadApi.NAMESPACE_KEY).orElse(JobPage.DEFAULT_NAMESPACE);
    if (!namespace.equals(page.namespace())) {
      differences.add(difference(config, NomadApi.NAMESPACE_KEY, namespace, page.namespace()));
    }
    Optional<String> region = config.optionalString(NomadApi.REGION_KEY);
    if (!region.equals(page.region())) {
      differences.add(difference(config, NomadApi.REGION_KEY, named(region), named(page.region())));
    }
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Nomad has no job of it where it was looked for, and it was submitted elsewhere: "
                + String.join("; ", differences)
                + "; give the command with what it was submitted with");
  }

  private static String named(Optional<String> region) {
    return region.orElse("not set");
  }

  private static String difference(Config config, String key, String now, String then) {
    String source = config.get(key).isPresent() ? " (from " + config.sourceOf(key) + ")" : "";
    return key + " is " + now + source + ", and was " + then;
  }
}
