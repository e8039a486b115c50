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
  private static final Duration LIMIT = Duration.ofSeconds(20);

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
    session.progress().stage("asking the scheduler");
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
    try (SchedulerClient scheduler = Schedulers.of(session)) {
      return scheduler.explain(LIMIT).orElseThrow(() -> noAnswer(scheduler, "the explanation"));
    }
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
    Optional<TopologyHistory> told =
        session.state().get(StateKind.SCHEDULER_LOCATION, session.topology()).flatMap(this::toldBy);
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

  private Optional<TopologyHistory> toldBy(SchedulerLocation location) {
    try (SchedulerClient scheduler = session.schedulers().of(location)) {
      return scheduler.history(LIMIT);
    }
  }

  private ClientException noAnswer(SchedulerClient scheduler, String what) {
    boolean library = session.schedulers().isLibrary();
    boolean answers = library || scheduler.status(LIMIT).isPresent();
    return new ClientException(
        answers
            ? "The "
                + scheduler.name()
                + " does not know "
                + what
                + (library ? "" : ": it is older")
            : "The "
                + scheduler.name()
                + " does not answer; if it has ended, start it again with: heron scheduler resume "
                + session.settings().target().path()
                + " "
                + session.topology());
  }
}
