package org.apache.heron.client.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.scheduler.SchedulerClient;
import org.apache.heron.proto.scheduler.Scheduler.SchedulerLocation;
import org.apache.heron.spi.scheduler.Explanation;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.TopologyHistory;
import org.apache.heron.spi.statemgr.StateKind;

/** What can be asked about a topology that was submitted. */
public final class TopologyQuestions {
  /** A person waits no longer than both of these without a word. */
  private static final Duration LIMIT = Duration.ofSeconds(6);

  private static final Duration LOOK = Duration.ofSeconds(2);

  private final RuntimeSession session;

  public TopologyQuestions(RuntimeSession session) {
    this.session = session;
  }

  /**
   * Why its containers wait.
   *
   * @param container only this one, if present
   * @throws ClientException if there is no such topology or container, or no scheduler says
   */
  public Explanation explain(Optional<Integer> container) {
    Presence.require(session);
    Explanation all = explanation();
    if (container.isEmpty()) {
      return all;
    }
    List<Explanation.Container> one =
        all.containers().stream().filter(each -> each.id() == container.get()).toList();
    KnownContainers.require(
        session,
        container.get(),
        all.containers().stream().map(Explanation.Container::id).toList());
    return new Explanation(
        all.topology(), all.at(), all.phase(), all.problem(), all.market(), one, all.penalties());
  }

  private Explanation explanation() {
    SchedulerClient asked = Schedulers.of(session);
    while (true) {
      try (SchedulerClient scheduler = asked) {
        session.progress().stage("asking the " + scheduler.name());
        Optional<Explanation> answer = scheduler.explain(LIMIT);
        if (answer.isPresent()) {
          return answer.get();
        }
        asked = successor(scheduler).orElseThrow(() -> noAnswer(scheduler, "the explanation"));
      }
    }
  }

  /** Who leads now, if that is another than the one that has not answered. */
  private Optional<SchedulerClient> successor(SchedulerClient silent) {
    if (session.schedulers().isLibrary()) {
      return Optional.empty();
    }
    Optional<SchedulerClient> now =
        location()
            .map(session.schedulers()::of)
            .filter(found -> !found.name().equals(silent.name()));
    now.ifPresent(
        found ->
            session
                .progress()
                .warn("The " + silent.name() + " does not answer; the " + found.name() + " leads"));
    return now;
  }

  /**
   * What happened to it: as the scheduler says or, when none runs, as it is on record.
   *
   * @param container only this one, if present
   */
  public TopologyHistory history(Optional<Integer> container) {
    Presence.require(session);
    TopologyHistory all = history();
    if (container.isEmpty()) {
      return all;
    }
    List<TopologyHistory.Container> one =
        all.containers().stream().filter(each -> each.id() == container.get()).toList();
    KnownContainers.require(
        session,
        container.get(),
        all.containers().stream().map(TopologyHistory.Container::id).toList());
    return new TopologyHistory(all.topology(), all.source(), List.of(), 0, one);
  }

  private TopologyHistory history() {
    session.progress().stage("asking the scheduler");
    Optional<SchedulerLocation> asked = location();
    Optional<TopologyHistory> told =
        asked
            .flatMap(this::toldBy)
            .or(
                () ->
                    location()
                        .filter(now -> !Optional.of(now).equals(asked))
                        .flatMap(this::toldBy));
    if (told.isPresent()) {
      return told.get();
    }
    session.progress().stage("reading the records");
    try (ILauncher launcher = Launchers.of(session)) {
      return launcher
          .recordedHistory()
          .orElseThrow(
              () ->
                  new ClientException(
                      "Nothing is on record of topology '"
                          + session.topology()
                          + "', and no scheduler answers"));
    }
  }

  private Optional<SchedulerLocation> location() {
    return session.state().get(StateKind.SCHEDULER_LOCATION, session.topology());
  }

  private Optional<TopologyHistory> toldBy(SchedulerLocation location) {
    try (SchedulerClient scheduler = session.schedulers().of(location)) {
      return scheduler.history(LIMIT);
    }
  }

  private ClientException noAnswer(SchedulerClient scheduler, String what) {
    boolean library = session.schedulers().isLibrary();
    if (!library) {
      session.progress().stage("the " + scheduler.name() + " does not answer; looking again");
    }
    boolean answers = library || scheduler.status(LOOK).isPresent();
    return new ClientException(
        answers
            ? "The "
                + scheduler.name()
                + " does not know "
                + what
                + (library ? "" : ": it is older")
            : "The "
                + scheduler.name()
                + " does not answer, and no other leads yet: a standby takes over by itself when"
                + " shared state has given this one up, so ask again in a while; if there is no standby,"
                + " end the process if it hangs, then start it again with: heron scheduler resume "
                + session.settings().target().path()
                + " "
                + session.topology());
  }
}
