package org.apache.heron.scheduler.mesos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.identity.OfferId;
import org.apache.heron.framework.runtime.MesosConnection;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.scheduler.Protos.Call;

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
  private static final Duration QUIET = Duration.ofMillis(2_500);

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final FrameworkInfo framework;
  private final Duration patience;

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
    this.patience = patience;
    this.framework =
        framework.toBuilder()
            .setName(framework.getName().replaceFirst("^heron_scheduler_", "heron_plan_"))
            .setFailoverTimeout(0)
            .setCheckpoint(false)
            .build();
  }

  /**
   * The offers of today.
   *
   * @throws SchedulerException if no master takes the framework
   */
  List<Offer> take(MesosConnection.Opener opener) throws InterruptedException {
    try (MesosConnection mesos = opener.open(events::add)) {
      String id = subscribe(mesos);
      try {
        return List.copyOf(gather(mesos, id).values());
      } finally {
        remove(mesos, id);
      }
    }
  }

  private String subscribe(MesosConnection mesos) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Event event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new SchedulerException(
            "no master has taken the question within "
                + patience.toSeconds()
                + " seconds: "
                + mesos.problem());
      }
      if (event instanceof Event.Connected) {
        mesos.send(
            Call.newBuilder()
                .setType(Call.Type.SUBSCRIBE)
                .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(framework))
                .build(),
            () -> {});
      } else if (event instanceof Event.Subscribed subscribed) {
        return subscribed.frameworkId();
      } else if (event instanceof Event.MasterError error) {
        throw new SchedulerException("the master refuses the question: " + error.message());
      }
    }
  }

  /** Until nothing new has come for a while. */
  private Map<OfferId, Offer> gather(MesosConnection mesos, String id) throws InterruptedException {
    Map<OfferId, Offer> offers = new LinkedHashMap<>();
    long end = System.nanoTime() + LONGEST.toNanos();
    while (end - System.nanoTime() > 0) {
      long wait = Math.min(QUIET.toNanos(), end - System.nanoTime());
      Event event = events.poll(wait, TimeUnit.NANOSECONDS);
      if (event == null) {
        break;
      }
      if (event instanceof Event.Offers came) {
        came.offers().forEach(o -> offers.put(new OfferId(o.getId().getValue()), o));
      } else if (event instanceof Event.Rescinded rescinded) {
        offers.remove(rescinded.offer());
      } else if (event instanceof Event.MasterError error) {
        throw new SchedulerException("the master refuses the question: " + error.message());
      } else if (event instanceof Event.Disconnected) {
        throw new SchedulerException(
            "the connection with the master was lost; ask again: " + mesos.problem());
      }
    }
    decline(mesos, id, offers.keySet());
    return offers;
  }

  private static void decline(MesosConnection mesos, String id, Iterable<OfferId> offers) {
    List<OfferID> ids = new ArrayList<>();
    offers.forEach(offer -> ids.add(OfferID.newBuilder().setValue(offer.value()).build()));
    if (ids.isEmpty()) {
      return;
    }
    // A long filter: nothing more is to come until the framework is gone.
    mesos.send(
        call(id, Call.Type.DECLINE)
            .setDecline(
                Call.Decline.newBuilder()
                    .addAllOfferIds(ids)
                    .setFilters(Filters.newBuilder().setRefuseSeconds(60)))
            .build(),
        () -> {});
  }

  private static void remove(MesosConnection mesos, String id) throws InterruptedException {
    CompletableFuture<Void> gone = new CompletableFuture<>();
    mesos.send(call(id, Call.Type.TEARDOWN).build(), () -> gone.complete(null));
    // Otherwise the master removes it as soon as the connection is closed.
    gone.completeOnTimeout(null, 5, TimeUnit.SECONDS);
    try {
      gone.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Call.Builder call(String id, Call.Type type) {
    return Call.newBuilder().setFrameworkId(FrameworkID.newBuilder().setValue(id)).setType(type);
  }
}
