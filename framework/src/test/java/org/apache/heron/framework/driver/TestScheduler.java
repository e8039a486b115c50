package org.apache.heron.framework.driver;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Scheduler;

/** Writes down what the driver tells; subscribes by itself if it has a call for that. */
final class TestScheduler implements Scheduler {
  static final Call SUBSCRIBE =
      Call.newBuilder()
          .setType(Call.Type.SUBSCRIBE)
          .setSubscribe(
              Call.Subscribe.newBuilder()
                  .setFrameworkInfo(
                      FrameworkInfo.newBuilder().setUser("root").setName("heron_scheduler_words")))
          .build();

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final AtomicReference<Optional<Call>> subscribe;

  private TestScheduler(Optional<Call> subscribe) {
    this.subscribe = new AtomicReference<>(subscribe);
  }

  static TestScheduler subscribing() {
    return new TestScheduler(Optional.of(SUBSCRIBE));
  }

  static TestScheduler subscribing(FrameworkInfo framework) {
    return new TestScheduler(Optional.of(subscribe(framework)));
  }

  /** What a framework subscribes with; its id, if it has one, stands in two places. */
  static Call subscribe(FrameworkInfo framework) {
    Call.Builder call =
        Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(framework));
    if (framework.hasId()) {
      call.setFrameworkId(framework.getId());
    }
    return call.build();
  }

  /** From now on, subscribes like this. */
  void subscribeAs(FrameworkInfo framework) {
    subscribe.set(Optional.of(subscribe(framework)));
  }

  static TestScheduler silent() {
    return new TestScheduler(Optional.empty());
  }

  @Override
  public void connected(Mesos mesos) {
    told.add("connected");
    subscribe.get().ifPresent(mesos::send);
  }

  @Override
  public void disconnected(Mesos mesos) {
    told.add("disconnected");
  }

  @Override
  public void received(Mesos mesos, Event event) {
    events.add(event);
  }

  /** The next of connected and disconnected. */
  String nextTold() throws InterruptedException {
    return wait(told);
  }

  Event nextEvent() throws InterruptedException {
    return wait(events);
  }

  /** The next event of this type; others before it are passed over. */
  Event nextEvent(Event.Type type) throws InterruptedException {
    Event event = nextEvent();
    while (event.getType() != type) {
      event = nextEvent();
    }
    return event;
  }

  boolean hasEvents() {
    return !events.isEmpty();
  }

  private static <T> T wait(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(ScriptedMaster.WAIT_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came within " + ScriptedMaster.WAIT_SECONDS + " s");
    }
    return next;
  }
}
