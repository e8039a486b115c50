package org.apache.heron.scheduler.aurora;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.heron.spi.scheduler.IScheduler.Outcome;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the instances of a job the wanted ones. May be repeated after it was cut off. */
final class JobScaling {
  private static final Logger LOG = LoggerFactory.getLogger(JobScaling.class);

  private final JobKey job;
  private final AuroraClient client;
  private final Consent consent;

  /** Whether the user wants it. */
  interface Consent {
    boolean toAdd(int instances);
  }

  JobScaling(JobKey job, AuroraClient client, Consent consent) {
    this.job = job;
    this.client = client;
    this.consent = consent;
  }

  /**
   * Returns when all that was added runs, and all that was removed has ended.
   *
   * @param wanted ids of the plan's containers
   */
  Outcome run(Collection<Integer> wanted) throws InterruptedException {
    try {
      JobStatus status = client.status();
      Set<Integer> active = status.ids();
      if (!active.contains(0)) {
        return Outcome.refused(
            active.isEmpty()
                ? "Aurora runs no job " + job
                : "Aurora runs no instance 0 of the job " + job + ", like which others are made");
      }
      return change(InstanceChange.between(wanted, active));
    } catch (SchedulerException e) {
      return Outcome.refused(e.getMessage());
    }
  }

  private Outcome change(InstanceChange change) throws InterruptedException {
    Map<Integer, Integer> renumbered = new TreeMap<>(change.adopted());
    if (!change.missing().isEmpty()) {
      int count = change.missing().size();
      if (!consent.toAdd(count)) {
        return Outcome.refused("the user does not want " + count + " more instances");
      }
      AuroraClient.Added added = client.add(count);
      if (added instanceof AuroraClient.Added.Failed failed) {
        return Outcome.refused(failed.failure().line() + waits());
      }
      if (added instanceof AuroraClient.Added.Numbered numbered) {
        renumbered.putAll(renumbered(change, numbered.instances()));
      }
    }
    return change.surplus().isEmpty()
        ? Outcome.done("", renumbered)
        : removed(change.surplus()).map(Outcome::refused).orElse(Outcome.done("", renumbered));
  }

  private static Map<Integer, Integer> renumbered(
      InstanceChange change, SortedSet<Integer> instances) {
    Map<Integer, Integer> renumbered = change.renumbered(instances);
    if (!renumbered.isEmpty()) {
      LOG.info("Aurora numbers the containers its own way: {}", renumbered);
    }
    return renumbered;
  }

  private String waits() throws InterruptedException {
    try {
      return Waits.of(client.status()).map(text -> "; " + text).orElse("");
    } catch (SchedulerException e) {
      LOG.debug("what the job waits for is not known: {}", e.getMessage());
      return "";
    }
  }

  private Optional<String> removed(List<Integer> surplus) throws InterruptedException {
    return client
        .kill(surplus)
        .filter(failure -> failure.kind() != ClientFailure.Kind.ABSENT)
        .map(ClientFailure::line);
  }
}
