package org.apache.heron.scheduler.mesos;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.heron.framework.election.Candidate;
import org.apache.heron.framework.election.Election;
import org.apache.heron.framework.election.Vigil;
import org.apache.heron.framework.runtime.End;
import org.apache.heron.framework.runtime.FrameworkRuntime;
import org.apache.heron.framework.storage.FrameworkRecord;
import org.apache.heron.framework.storage.Snapshot;
import org.apache.heron.framework.storage.StorageException;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.statemgr.StateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process' part in the leadership of a topology: it stands for election, runs the framework
 * while it leads, and stands again when it has lost, as often as that happens. One thread of its
 * own; thread-safe.
 *
 * <ul>
 *   <li>A connection to ZooKeeper that is interrupted suspends the framework, nothing more.
 *   <li>With a lost session, or when another has taken over, the framework is let go of and the
 *       process stands by. Nobody needs to start anything by hand after an outage of ZooKeeper.
 *   <li>A process that was not started as a standby, and finds a living leader when it begins,
 *       ends: somebody thought that there was none.
 *   <li>When the topology was killed, all of them end. That nothing is on record does not say so
 *       alone: Mesos must have no framework of it either.
 * </ul>
 */
final class Leadership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final FrameworkRecords records;
  private final String topology;
  private final String topologyId;
  private final String endpoint;
  private final boolean standby;
  private final Duration patience;
  private final Beginning begin;
  private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final Thread thread;
  private volatile Optional<FrameworkRuntime> runtime = Optional.empty();
  private volatile String leader = "";
  private volatile boolean leading;
  private volatile boolean closed;
  private final String unique = UUID.randomUUID().toString();
  private int turns;
  private boolean hasLed;
  private Optional<Snapshot> memory = Optional.empty();
  private Optional<Instant> undecidedSince = Optional.empty();
  private Candidacy candidacy;

  /** What the thread is told. */
  private sealed interface News {
    record Elected(Candidacy candidacy) implements News {}

    record Suspended(Candidacy candidacy, String why) implements News {}

    record Resumed(Candidacy candidacy) implements News {}

    record Lost(Candidacy candidacy, String why) implements News {}

    record LeaderSeen(Candidacy candidacy, Candidate leader) implements News {}

    record Ended(FrameworkRuntime runtime, End end) implements News {}

    record Closed() implements News {}
  }

  /**
   * @param endpoint where this process answers HTTP; empty if nowhere
   * @param standby true if this process is to wait for a living leader's end
   * @param patience how long a process that is no standby waits to lead when it begins
   * @param begin called whenever this process comes to lead
   */
  Leadership(
      FrameworkRecords records,
      String topology,
      String topologyId,
      String endpoint,
      boolean standby,
      Duration patience,
      Beginning begin) {
    this.records = records;
    this.topology = topology;
    this.topologyId = topologyId;
    this.endpoint = endpoint;
    this.standby = standby;
    this.patience = patience;
    this.begin = begin;
    thread = new Thread(this::run, "scheduler-leadership");
    thread.setDaemon(true);
  }

  /** One place in the queue, from entering to leaving it. */
  private final class Candidacy implements Election.Listener, AutoCloseable {
    private final Candidate self = Candidate.self(endpoint, unique, ++turns);
    private final Election election = records.stand(topologyId, self, this);
    private final Vigil vigil =
        Vigil.begin(
            election,
            self,
            topologyId,
            isHasty(),
            found -> news.add(new News.LeaderSeen(this, found)));

    @Override
    public void elected() {
      news.add(new News.Elected(this));
    }

    @Override
    public void suspended(String why) {
      news.add(new News.Suspended(this, why));
    }

    @Override
    public void resumed() {
      news.add(new News.Resumed(this));
    }

    @Override
    public void lost(String why) {
      news.add(new News.Lost(this, why));
    }

    @Override
    public void broken(Throwable failure) {
      Leadership.this.broken(failure);
    }

    @Override
    public void close() {
      vigil.close();
      election.close();
    }
  }

  void start() {
    thread.start();
  }

  /** The framework of this process: of the present time of leading, or the last one. */
  Optional<FrameworkRuntime> runtime() {
    return runtime;
  }

  /** True from the moment on at which this process has taken over. */
  boolean leads() {
    return leading;
  }

  /** Who leads while this process does not, as one line for people; empty if that is not known. */
  String leader() {
    return leader;
  }

  /** Completes when the topology was killed; exceptionally when this process must not go on. */
  CompletableFuture<Void> finished() {
    return finished;
  }

  private boolean isHasty() {
    return !standby && !hasLed;
  }

  private void run() {
    try {
      candidacy = new Candidacy();
      while (!finished.isDone() && !closed) {
        Optional<News> next = next();
        if (next.isPresent()) {
          take(next.get());
        } else {
          fail(
              "this process has not come to lead within "
                  + patience.toSeconds()
                  + " seconds: another scheduler process"
                  + (leader.isEmpty() ? "" : " (" + leader + ")")
                  + " has not left ZooKeeper yet, or ZooKeeper does not answer; try again later");
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the leadership's thread ends");
    } catch (Throwable e) { // the thread's edge: nothing may end it silently, also no Error
      broken(e);
    } finally {
      letGo();
    }
  }

  /** A thread has failed: this process ends, whoever stands by takes over. On any thread. */
  private void broken(Throwable failure) {
    try {
      fail("the scheduler has failed, containers run on: " + failure);
      LOG.error("the scheduler cannot go on", failure);
    } finally { // also if a class is missing just for that
      finished.completeExceptionally(failure);
      if (Thread.currentThread() != thread) {
        thread.interrupt();
      }
    }
  }

  private Optional<News> next() throws InterruptedException {
    return isHasty()
        ? Optional.ofNullable(news.poll(patience.toMillis(), TimeUnit.MILLISECONDS))
        : Optional.of(news.take());
  }

  private void take(News next) throws InterruptedException {
    if (next instanceof News.Elected elected && elected.candidacy() == candidacy) {
      lead();
    } else if (next instanceof News.Suspended suspended && suspended.candidacy() == candidacy) {
      runtime.ifPresent(running -> running.suspend(suspended.why()));
    } else if (next instanceof News.Resumed resumed && resumed.candidacy() == candidacy) {
      runtime.ifPresent(FrameworkRuntime::resume);
    } else if (next instanceof News.Lost lost && lost.candidacy() == candidacy) {
      standAgain(lost.why());
    } else if (next instanceof News.LeaderSeen seen && seen.candidacy() == candidacy) {
      leaderSeen(seen.leader());
    } else if (next instanceof News.Ended ended && Optional.of(ended.runtime()).equals(runtime)) {
      ended(ended.end());
    }
  }

  private void leaderSeen(Candidate found) {
    leader = found.toString();
    memory = Optional.empty(); // what that one does is not in it
    if (isHasty()) {
      fail(
          "the scheduler of topology '"
              + topology
              + "' runs already ("
              + leader
              + "); to have another one wait for its end: heron scheduler standby");
    } else {
      LOG.info("stands by: {} leads", leader);
    }
  }

  private void lead() throws InterruptedException {
    try {
      beginToLead();
    } catch (StorageException.Absent e) {
      nothingOnRecord(e.getMessage());
    } catch (StorageException.Away | StateException e) {
      if (isHasty()) {
        fail(e.getMessage());
      } else {
        standAgain(e.getMessage());
      }
    } catch (SchedulerException e) {
      failUnlessKilled(e.getMessage());
    }
  }

  private void beginToLead() {
    leads(begin.begin(candidacy.self.toString(), isHasty()));
  }

  private void leads(FrameworkRuntime started) {
    memory = Optional.empty();
    undecidedSince = Optional.empty();
    LOG.info("leads from now on");
    leader = "";
    hasLed = true;
    runtime = Optional.of(started);
    leading = true;
    started.finished().whenComplete((end, failure) -> ended(started, end, failure));
  }

  /** A packing plan that is missing, for one, is no failure after a kill. */
  private void failUnlessKilled(String why) throws InterruptedException {
    try {
      if (isHasty() || records.exist()) {
        fail(why);
      } else {
        nothingOnRecord(why);
      }
    } catch (StorageException.Away e) {
      standAgain(e.getMessage());
    }
  }

  /**
   * After a kill there is nothing on record, and no framework in Mesos. If Mesos has one, somebody
   * has removed the records of a topology that runs: it is gone on with.
   */
  private void nothingOnRecord(String why) throws InterruptedException {
    Optional<Snapshot> survivor;
    try {
      survivor = begin.survivor(memory);
    } catch (SchedulerException e) {
      undecided(e.getMessage());
      return;
    }
    if (survivor.isEmpty()) {
      LOG.info("nothing of the topology is on record or in Mesos: it was killed");
      finished.complete(null);
      return;
    }
    String id = survivor.get().framework().flatMap(FrameworkRecord::frameworkId).orElse("");
    LOG.warn("{}, but Mesos runs framework {}: its records are written anew", why, id);
    try {
      leads(begin.adopt(candidacy.self.toString(), survivor.get()));
    } catch (StorageException.Away | StateException e) {
      standAgain(e.getMessage());
    } catch (SchedulerException e) {
      fail(e.getMessage() + ". " + Survivors.teardown(id));
    }
  }

  /** A master that does not answer now may do so in a while, but not for ever. */
  private void undecided(String why) throws InterruptedException {
    Instant now = Instant.now();
    if (undecidedSince.isEmpty()) {
      undecidedSince = Optional.of(now);
    }
    if (undecidedSince.get().plus(patience).isBefore(now)) {
      fail(why);
    } else {
      standAgain(why);
    }
  }

  private void ended(FrameworkRuntime ended, End end, Throwable failure) {
    try {
      if (failure == null) {
        news.add(new News.Ended(ended, end));
      } else {
        broken(failure);
      }
    } catch (Throwable e) { // the edge of the runtime's thread, which would swallow it
      broken(e);
    }
  }

  private void ended(End end) throws InterruptedException {
    if (end instanceof End.Killed) {
      // INVARIANT: at each moment this process leads or has finished: a second kill is never told
      // that it takes no commands.
      finished.complete(null);
    }
    leading = false;
    if (end instanceof End.Deposed deposed) {
      standAgain(deposed.why());
    } else if (end instanceof End.Vanished vanished) {
      vanished(vanished.why());
    } else if (end instanceof End.Failed failed) {
      if (candidacy.election.isOvertaken()) {
        standAgain(failed.why());
      } else {
        fail(failed.why());
      }
    }
  }

  // Who remembers what was on record goes first, before a standby that does not.
  private void vanished(String why) throws InterruptedException {
    LOG.warn("{}", why);
    memory = runtime.flatMap(FrameworkRuntime::memory);
    if (candidacy.election.isOvertaken()) {
      standAgain(why);
    } else {
      runtime.ifPresent(FrameworkRuntime::close);
      lead();
    }
  }

  /** Lets go of the framework and queues up again, at the end. */
  private void standAgain(String why) throws InterruptedException {
    leading = false;
    LOG.warn("leads no longer: {}; stands by", why);
    letGo();
    TimeUnit.MILLISECONDS.sleep(AGAIN.toMillis());
    candidacy = new Candidacy();
  }

  private void letGo() {
    runtime.ifPresent(FrameworkRuntime::close);
    if (candidacy != null) {
      candidacy.close();
    }
  }

  private void fail(String why) {
    finished.completeExceptionally(new SchedulerException(why));
  }

  /** Lets go of the cluster and of the place in the queue; containers run on. Idempotent. */
  @Override
  public void close() {
    closed = true;
    news.add(new News.Closed());
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
