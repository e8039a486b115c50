package org.apache.heron.framework.metrics;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.heron.framework.core.Container;
import org.apache.heron.framework.core.Decision;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.core.Life;
import org.apache.heron.framework.core.Link;
import org.apache.heron.framework.core.Phase;
import org.apache.heron.framework.core.State;
import org.apache.heron.framework.core.Tenure;
import org.apache.heron.framework.storage.FrameworkStore;

/**
 * What one scheduler process counts and measures, from its start on, as leader or standing by.
 * Thread-safe, but decisions are told by one thread at a time.
 */
public final class FrameworkMetrics {
  private final Figures registry = new Figures();
  private final InstantSource clock;
  private final Observations observations = new Observations(registry);
  private volatile long epoch;
  private volatile Optional<Supplier<State>> state = Optional.empty();
  private volatile Optional<Instant> writingSince = Optional.empty();

  /**
   * Figures of a process that does not schedule yet.
   *
   * @param role as whom the topology was submitted
   */
  public FrameworkMetrics(
      String topology, String cluster, String role, String environ, InstantSource clock) {
    this.clock = clock;
    gauge(Family.INFO.with(topology, cluster, role, environ), () -> 1);
    gauge(Family.LEADER.with(), () -> state.isPresent() ? 1 : 0);
    gauge(Family.EPOCH.with(), () -> epoch);
    gauge(
        Family.HEAP.with(),
        () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    gauge(
        Family.START_TIME.with(),
        () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
    gauge(Family.WRITE_PENDING.with(), () -> writingSince.map(this::age).orElse(0.0));
    aboutContainers();
  }

  private void aboutContainers() {
    ofState(Family.SUBSCRIBED.with(), now -> now.link() == Link.SUBSCRIBED ? 1 : 0);
    for (Phase phase : Phase.values()) {
      ofState(Family.PHASE.with(lowerCase(phase)), now -> now.phase() == phase ? 1 : 0);
    }
    for (Life life : Life.values()) {
      ofState(Family.CONTAINERS.with(lowerCase(life)), now -> now.containers().count(life));
    }
    ofState(Family.SUSPENDED.with(), now -> now.tenure() == Tenure.SUSPENDED ? 1 : 0);
    ofState(
        Family.PENALISED_AGENTS.with(),
        now -> {
          Instant moment = clock.instant();
          return now.penalties().byAgent().values().stream()
              .filter(blame -> blame.until().isAfter(moment))
              .count();
        });
    ofState(Family.OFFERS_HELD.with(), now -> now.held().size());
    ofState(Family.UNANSWERED.with(), now -> now.reconciliation().unanswered().size());
    ofState(
        Family.FAILURES_IN_A_ROW.with(),
        now -> now.containers().stream().mapToInt(Container::failures).max().orElse(0));
    ofState(
        Family.WAITING_LONGEST.with(),
        now ->
            now.containers().stream()
                .filter(container -> container.life() == Life.WAITING)
                .mapToDouble(container -> age(container.since()))
                .max()
                .orElse(0));
  }

  static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private double age(Instant since) {
    return Math.max(0, Duration.between(since, clock.instant()).toNanos() / 1e9);
  }

  /** Sets a gauge, in place of the one that was there. */
  private void gauge(String name, Gauge<Number> gauge) {
    registry.remove(name);
    registry.registerGauge(name, gauge);
  }

  private void ofState(String name, ToDoubleFunction<State> figure) {
    gauge(name, () -> state.map(now -> figure.applyAsDouble(now.get())).orElse(0.0));
  }

  /** Where others, like the driver, keep their figures. */
  public MetricRegistry registry() {
    return registry;
  }

  /** All figures in Prometheus' text format 0.0.4. */
  public String exposition() {
    return Exposition.of(registry);
  }

  /** This process has taken over the topology's records: its writes carry this epoch. */
  public void tookOver(long newEpoch) {
    epoch = newEpoch;
  }

  /**
   * This process schedules from now on.
   *
   * @param current the state after the last decision
   * @param mailbox how many events wait
   * @param outbox how many effects wait
   */
  public void leads(Supplier<State> current, IntSupplier mailbox, IntSupplier outbox) {
    state = Optional.of(current);
    gauge(Family.MAILBOX.with(), mailbox::getAsInt);
    gauge(Family.OUTBOX.with(), outbox::getAsInt);
  }

  /** This process schedules no longer. */
  public void steppedDown() {
    state = Optional.empty();
    // Whoever leads now writes; what this process has begun concerns nobody any more.
    writingSince = Optional.empty();
  }

  /** How many calls wait to be sent. */
  public void calls(IntSupplier waiting) {
    gauge(Family.CALLS_WAITING.with(), waiting::getAsInt);
  }

  /** The core has decided. */
  public void decided(Event event, State before, Decision decision, Instant now, Duration took) {
    registry.timer(Family.DECIDE_SECONDS.with()).update(took);
    observations.of(event, before, decision, now);
  }

  /** The store with its writes timed. */
  public FrameworkStore measured(FrameworkStore store) {
    return new MeasuredStore(store, this);
  }

  /** A write of so many records has begun. */
  void writing(int records) {
    registry.histogram(Family.WRITE_RECORDS.with()).update(records);
    writingSince = Optional.of(clock.instant());
  }

  /** The write has ended. */
  void written(Duration took, boolean durable) {
    writingSince = Optional.empty();
    if (durable) {
      registry.timer(Family.WRITE_SECONDS.with()).update(took.toNanos(), TimeUnit.NANOSECONDS);
    } else {
      registry.counter(Family.WRITE_FAILURES.with()).inc();
    }
  }
}
