package org.apache.heron.scheduler.local.core;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a container, and is on record. Immutable.
 *
 * @param attempt how many processes it has had, the present one included
 * @param failures of processes in a row, on which the back-off depends
 * @param clashes how many processes in a row found one of their ports taken
 * @param proven true once a process of it has run
 * @param since when it came into its life, in whole milliseconds
 * @param due when it goes on by itself: its back-off is over (BACKING_OFF), it counts as running
 *     although it does not answer (STARTING), it is ended by force (KILLING)
 * @param reason why its last process ended, or why the present one is being ended; one line
 * @param mark of its process; absent if it has none, and for the moment in which one is started
 * @param ports of the last process, in the order of the executor's ports, debuggers' last; empty if
 *     any will do
 * @param ram bytes that the last process was started with
 */
public record Container(
    int id,
    Aim aim,
    Life life,
    int attempt,
    int failures,
    int clashes,
    boolean proven,
    Instant since,
    Optional<Instant> due,
    String reason,
    Optional<ProcessMark> mark,
    List<Integer> ports,
    long ram,
    History history) {

  public Container {
    since = since.truncatedTo(ChronoUnit.MILLIS);
    due = due.map(at -> at.truncatedTo(ChronoUnit.MILLIS));
    reason = Happening.line(reason);
    ports = List.copyOf(ports);
  }

  /** A container that is to be started. */
  static Container wanted(int id, Instant now) {
    return new Container(
        id,
        Aim.RUN,
        Life.WAITING,
        0,
        0,
        0,
        false,
        now,
        Optional.empty(),
        "",
        Optional.empty(),
        List.of(),
        0,
        History.NONE);
  }

  /** A copy that can be changed. */
  Draft draft() {
    return new Draft(this);
  }

  /** A container that is being changed; not shared. */
  static final class Draft {
    private final int id;
    private Aim aim;
    private Life life;
    private int attempt;
    private int failures;
    private int clashes;
    private boolean proven;
    private Instant since;
    private Optional<Instant> due;
    private String reason;
    private Optional<ProcessMark> mark;
    private List<Integer> ports;
    private long ram;
    private History history;

    private Draft(Container from) {
      id = from.id;
      aim = from.aim;
      life = from.life;
      attempt = from.attempt;
      failures = from.failures;
      clashes = from.clashes;
      proven = from.proven;
      since = from.since;
      due = from.due;
      reason = from.reason;
      mark = from.mark;
      ports = from.ports;
      ram = from.ram;
      history = from.history;
    }

    Draft aim(Aim to) {
      aim = to;
      return this;
    }

    /** Into another life, from now. */
    Draft life(Life to, Instant now) {
      life = to;
      since = now;
      due = Optional.empty();
      return this;
    }

    Draft due(Instant at) {
      due = Optional.of(at);
      return this;
    }

    Draft attempt(int number) {
      attempt = number;
      return this;
    }

    Draft failures(int number) {
      failures = number;
      return this;
    }

    Draft clashes(int number) {
      clashes = number;
      return this;
    }

    Draft proven() {
      proven = true;
      return this;
    }

    Draft reason(String text) {
      reason = text;
      return this;
    }

    Draft mark(Optional<ProcessMark> of) {
      mark = of;
      return this;
    }

    Draft ports(List<Integer> numbers) {
      ports = numbers;
      return this;
    }

    Draft ram(long bytes) {
      ram = bytes;
      return this;
    }

    Draft happened(Happening.Kind kind, Instant now, String text) {
      history = history.with(new Happening(now, kind, attempt, text));
      return this;
    }

    Container done() {
      return new Container(
          id, aim, life, attempt, failures, clashes, proven, since, due, reason, mark, ports, ram,
          history);
    }
  }
}
