package org.apache.heron.scheduler.mesos;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.StatusUpdate;
import org.apache.heron.framework.identity.OfferId;
import org.apache.heron.framework.runtime.MesosConnection;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer.Operation;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.scheduler.Protos.Call;

/**
 * A framework that is registered for a question or a trial, and torn down at the end, with all that
 * it runs. With a failover timeout of 0 it also goes by itself if this process dies. Used by one
 * thread.
 */
final class PassingFramework implements AutoCloseable {
  private static final Duration TEARDOWN = Duration.ofSeconds(5);

  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final MesosConnection mesos;
  private Optional<String> id = Optional.empty();

  private PassingFramework(MesosConnection.Opener opener) {
    mesos = opener.open(events::add);
  }

  /**
   * Registers.
   *
   * @param framework whose roles and principal count
   * @param name of this one
   * @param patience with a master that is not there
   * @throws SchedulerException if no master takes the framework
   */
  static PassingFramework register(
      MesosConnection.Opener opener, FrameworkInfo framework, String name, Duration patience)
      throws InterruptedException {
    PassingFramework passing = new PassingFramework(opener);
    try {
      passing.subscribe(
          framework.toBuilder().setName(name).setFailoverTimeout(0).setCheckpoint(false).build(),
          patience);
      return passing;
    } catch (InterruptedException | RuntimeException e) {
      passing.close();
      throw e;
    }
  }

  private void subscribe(FrameworkInfo framework, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (id.isEmpty()) {
      Event event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new SchedulerException(
            "no master has taken the question within "
                + patience.toSeconds()
                + " seconds: "
                + mesos.problem());
      }
      if (event instanceof Event.Connected) {
        if (mesos.isUnauthorized()) {
          // Nobody corrects a secret while a question waits for it.
          throw new SchedulerException("the question is not let in: " + mesos.problem());
        }
        mesos.send(
            Call.newBuilder()
                .setType(Call.Type.SUBSCRIBE)
                .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(framework))
                .build(),
            () -> {});
      } else if (event instanceof Event.Subscribed subscribed) {
        id = Optional.of(subscribed.frameworkId());
      } else {
        refuse(event);
      }
    }
  }

  /**
   * The next event; empty if none has come in time.
   *
   * @throws SchedulerException if the master wants no more of this framework, or was lost
   */
  Optional<Event> next(Duration limit) throws InterruptedException {
    Event event = events.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
    if (event instanceof Event.Disconnected) {
      throw new SchedulerException(
          "the connection with the master was lost; ask again: " + mesos.problem());
    }
    if (event != null) {
      refuse(event);
    }
    return Optional.ofNullable(event);
  }

  private static void refuse(Event event) {
    if (event instanceof Event.MasterError error) {
      throw new SchedulerException("the master refuses the question: " + error.message());
    }
  }

  /** Gives offers back. Nothing more is to come until the framework is gone: a long filter. */
  void decline(Collection<OfferId> offers) {
    if (!offers.isEmpty()) {
      send(
          call(Call.Type.DECLINE)
              .setDecline(
                  Call.Decline.newBuilder()
                      .addAllOfferIds(proto(offers))
                      .setFilters(Filters.newBuilder().setRefuseSeconds(60))));
    }
  }

  /** Launches a task on offers of one agent. */
  void launch(Collection<OfferId> offers, TaskInfo task) {
    send(
        call(Call.Type.ACCEPT)
            .setAccept(
                Call.Accept.newBuilder()
                    .addAllOfferIds(proto(offers))
                    .setFilters(Filters.newBuilder().setRefuseSeconds(60))
                    .addOperations(
                        Operation.newBuilder()
                            .setType(Operation.Type.LAUNCH)
                            .setLaunch(Operation.Launch.newBuilder().addTaskInfos(task)))));
  }

  /** Says that a status was heard, if Mesos wants to know. */
  void acknowledge(StatusUpdate update) {
    Optional<ByteString> uuid = update.uuid();
    if (uuid.isPresent() && update.agent().isPresent()) {
      send(
          call(Call.Type.ACKNOWLEDGE)
              .setAcknowledge(
                  Call.Acknowledge.newBuilder()
                      .setTaskId(TaskID.newBuilder().setValue(update.task().value()))
                      .setAgentId(AgentID.newBuilder().setValue(update.agent().get().value()))
                      .setUuid(uuid.get())));
    }
  }

  private void send(Call.Builder call) {
    mesos.send(call.build(), () -> {});
  }

  private Call.Builder call(Call.Type type) {
    return Call.newBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(id.orElseThrow()))
        .setType(type);
  }

  private static List<OfferID> proto(Collection<OfferId> offers) {
    List<OfferID> ids = new ArrayList<>();
    offers.forEach(offer -> ids.add(OfferID.newBuilder().setValue(offer.value()).build()));
    return ids;
  }

  /** Tears the framework down; the master removes it too as soon as the connection is closed. */
  @Override
  public void close() {
    try {
      if (id.isPresent()) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        mesos.send(call(Call.Type.TEARDOWN).build(), () -> gone.complete(null));
        gone.completeOnTimeout(null, TEARDOWN.toSeconds(), TimeUnit.SECONDS).get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      mesos.close();
    }
  }
}
