package org.apache.heron.minicluster.master;

import java.time.Duration;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;

/**
 * Faults between master and frameworks, on demand: calls and events that are lost, calls that are
 * refused or late. Each setting replaces the one before and holds until {@link #clear}.
 * Thread-safe.
 */
public final class Faults {
  private volatile Predicate<Call> lostCalls = call -> false;
  private volatile Predicate<Call> refusedCalls = call -> false;
  private volatile BiPredicate<FrameworkID, Event> lostEvents = (framework, event) -> false;
  private volatile Duration delay = Duration.ZERO;

  /** These calls are answered 202 and then lost, as a message between Mesos processes may be. */
  public void loseCalls(Predicate<Call> which) {
    lostCalls = which;
  }

  /** These calls are answered 503. */
  public void refuseCalls(Predicate<Call> which) {
    refusedCalls = which;
  }

  /** These events are never sent. */
  public void loseEvents(BiPredicate<FrameworkID, Event> which) {
    lostEvents = which;
  }

  /** Every call waits so long before it is carried out and answered; at most 30 s. */
  public void delayCalls(Duration time) {
    delay = time;
  }

  /** No faults any more. */
  public void clear() {
    lostCalls = call -> false;
    refusedCalls = call -> false;
    lostEvents = (framework, event) -> false;
    delay = Duration.ZERO;
  }

  boolean loses(Call call) {
    return lostCalls.test(call);
  }

  boolean refuses(Call call) {
    return refusedCalls.test(call);
  }

  boolean loses(FrameworkID framework, Event event) {
    return lostEvents.test(framework, event);
  }

  Duration delay() {
    return delay;
  }
}
