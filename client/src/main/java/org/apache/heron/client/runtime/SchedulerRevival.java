package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.heron.client.ErrorText;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.client.submission.SubmitLock;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts again the schedulers that were started on this host and have ended with it, or with the
 * service that started them. Those of other hosts, those that answer, and topologies that are just
 * being submitted are left alone.
 */
public final class SchedulerRevival {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulerRevival.class);

  private static final Duration LOCK_WAIT = Duration.ofMillis(100);

  private final Function<TopologyTarget, Settings> settings;

  /**
   * @param settings of the cluster, for a topology that runs there
   */
  public SchedulerRevival(Function<TopologyTarget, Settings> settings) {
    this.settings = settings;
  }

  /**
   * What became of a scheduler.
   *
   * @param problem why it was not started; empty if it was
   */
  public record Outcome(String topology, Optional<String> problem) {}

  /**
   * Looks at every topology of the cluster once.
   *
   * @param anyone whose connection to shared state is used to list them
   * @return those whose schedulers were gone
   * @throws RuntimeException with a message for the user if shared state cannot be reached
   */
  public List<Outcome> run(TopologyTarget anyone) throws InterruptedException {
    List<TopologyDirectory.Entry> entries;
    try (TopologyDirectory directory = TopologyDirectory.open(settings.apply(anyone))) {
      entries = directory.of(anyone.cluster());
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (TopologyDirectory.Entry entry : entries) {
      if (Thread.interrupted()) {
        throw new InterruptedException("cancelled");
      }
      if (!entry.cluster().isEmpty()) {
        revive(entry).ifPresent(outcomes::add);
      }
    }
    return outcomes;
  }

  private Optional<Outcome> revive(TopologyDirectory.Entry entry) {
    String topology = entry.name();
    TopologyTarget target =
        new TopologyTarget(entry.cluster(), entry.role(), entry.environment(), entry.submittedBy());
    try (RuntimeSession session =
        RuntimeSession.open(settings.apply(target), topology, Progress.NONE)) {
      if (!isGone(session) || isBeingSubmitted(session)) {
        return Optional.empty();
      }
      String endpoint = new SchedulerResume(session).run();
      LOG.info("the scheduler of topology {} was gone; it runs again at {}", topology, endpoint);
      return Optional.of(new Outcome(topology, Optional.empty()));
    } catch (RuntimeException e) {
      // The edge of one topology: the others are looked at all the same.
      LOG.warn("the scheduler of topology {} is gone: {}", topology, ErrorText.of(e));
      LOG.debug("the scheduler of topology {} is gone", topology, e);
      return Optional.of(new Outcome(topology, Optional.of(ErrorText.of(e))));
    }
  }

  private static boolean isGone(RuntimeSession session) {
    boolean started;
    try (ILauncher launcher = Launchers.of(session)) {
      started = launcher.startedHere();
    }
    return started && !new SchedulerResume(session).answers();
  }

  private static boolean isBeingSubmitted(RuntimeSession session) {
    Optional<IStateManager.Lock> lock =
        SubmitLock.take(session.state(), session.topology(), LOCK_WAIT);
    lock.ifPresent(IStateManager.Lock::close);
    return lock.isEmpty() || !session.state().exists(StateKind.TOPOLOGY, session.topology());
  }
}
