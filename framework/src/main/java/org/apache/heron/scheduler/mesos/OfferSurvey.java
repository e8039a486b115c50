package org.apache.heron.scheduler.mesos;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.identity.OfferId;
import org.apache.heron.framework.runtime.MesosConnection;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;

/**
 * What a master offers to a framework that wants nothing. Only an offer tells the truth: what the
 * master's pages list takes no account of reservations for other roles, quotas, weights and who may
 * use what.
 *
 * <p>The framework declines all that it got and is torn down; with a failover timeout of 0 it would
 * also go by itself if this process died.
 */
final class OfferSurvey {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A round of Mesos' allocator lasts a second unless configured otherwise. */
  static final Duration QUIET = Duration.ofMillis(2_500);

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final FrameworkInfo framework;
  private final String name;
  private final Duration patience;
  private final Duration quiet;

  /**
   * @param framework whose roles and principal count
   */
  OfferSurvey(FrameworkInfo framework) {
    this(framework, PATIENCE);
  }

  /**
   * @param patience with a master that is not there
   */
  OfferSurvey(FrameworkInfo framework, Duration patience) {
    this(
        framework,
        framework.getName().replaceFirst("^heron_scheduler_", "heron_plan_"),
        patience,
        QUIET);
  }

  /**
   * @param name of the framework that asks
   * @param quiet after so long without another offer there are no more
   */
  OfferSurvey(FrameworkInfo framework, String name, Duration patience, Duration quiet) {
    this.framework = framework;
    this.name = name;
    this.patience = patience;
    this.quiet = quiet;
  }

  /**
   * The offers of today.
   *
   * @throws SchedulerException if no master takes the framework
   */
  List<Offer> take(MesosConnection.Opener opener) throws InterruptedException {
    try (PassingFramework passing = PassingFramework.register(opener, framework, name, patience)) {
      Map<OfferId, Offer> offers = gather(passing, quiet);
      passing.decline(offers.keySet());
      return List.copyOf(offers.values());
    }
  }

  /** Until nothing new has come for a while. */
  private static Map<OfferId, Offer> gather(PassingFramework passing, Duration quiet)
      throws InterruptedException {
    Map<OfferId, Offer> offers = new LinkedHashMap<>();
    long end = System.nanoTime() + LONGEST.toNanos();
    while (end - System.nanoTime() > 0) {
      long wait = Math.min(quiet.toNanos(), end - System.nanoTime());
      Optional<Event> event = passing.next(Duration.ofNanos(wait));
      if (event.isEmpty()) {
        break;
      }
      keep(event.get(), offers);
    }
    return offers;
  }

  /** Adds the offers that came, and takes off those that are void. */
  static void keep(Event event, Map<OfferId, Offer> offers) {
    if (event instanceof Event.Offers came) {
      came.offers().forEach(o -> offers.put(new OfferId(o.getId().getValue()), o));
    } else if (event instanceof Event.Rescinded rescinded) {
      offers.remove(rescinded.offer());
    }
  }
}
