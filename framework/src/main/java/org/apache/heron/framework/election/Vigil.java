package org.apache.heron.framework.election;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.heron.framework.election.Election.Place;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches whoever is first in the queue, and takes it out once its process is dead: a session that
 * was not closed lives on in ZooKeeper for half a minute, while a dead process' connections end at
 * once.
 *
 * <ul>
 *   <li>Dead is a process that is gone from this very host, or one whose address refuses
 *       connections that it has taken from us before (or, if this vigil {@linkplain #hasty is
 *       hasty}, refuses them at all). An address that does not answer proves nothing: then the
 *       session decides.
 *   <li>A mistake costs a change of leaders and nothing else: the epoch keeps the former leader
 *       from writing, and it stands by when it notices.
 * </ul>
 *
 * One thread of its own; {@link #close} ends it.
 */
public final class Vigil implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Vigil.class);
  private static final int CONNECT_MILLIS = 3_000;
  private static final int HOLD_MILLIS = 30_000;
  private static final long SOON_MILLIS = 200;
  private static final long LATER_MILLIS = 1_000;
  // Who is first stays so until its session is lost; only this notices if it queues up again then.
  private static final long FIRST_MILLIS = 10_000;
  // The topology is named at the status' beginning; with thousands of containers the rest is long.
  private static final int STATUS_BYTES = 4_096;

  private final Election election;
  private final Candidate self;
  private final String topologyId;
  private final boolean hasty;
  private final Consumer<Candidate> seen;
  private final Pause pause;
  private final Thread thread;
  private volatile boolean closed;
  private volatile Socket held;
  private Optional<Candidate> reached = Optional.empty();

  private Vigil(
      Election election,
      Candidate self,
      String topologyId,
      boolean hasty,
      Consumer<Candidate> seen,
      Pause pause) {
    this.election = election;
    this.self = self;
    this.topologyId = topologyId;
    this.hasty = hasty;
    this.seen = seen;
    this.pause = pause;
    this.thread = new Thread(this::run, "scheduler-vigil");
    thread.setDaemon(true);
  }

  /**
   * Begins to watch.
   *
   * @param topologyId that a scheduler of this topology says it schedules
   * @param hasty true if somebody has asked for this process to lead now
   * @param seen told of each living leader when it is found; again only after another
   */
  public static Vigil begin(
      Election election,
      Candidate self,
      String topologyId,
      boolean hasty,
      Consumer<Candidate> seen) {
    return begin(election, self, topologyId, hasty, seen, TimeUnit.MILLISECONDS::sleep);
  }

  /** As the other, with another way to wait. */
  static Vigil begin(
      Election election,
      Candidate self,
      String topologyId,
      boolean hasty,
      Consumer<Candidate> seen,
      Pause pause) {
    Vigil vigil = new Vigil(election, self, topologyId, hasty, seen, pause);
    vigil.thread.start();
    return vigil;
  }

  /** How the vigil's thread waits between two looks. */
  @FunctionalInterface
  interface Pause {
    /** Waits. */
    void sleep(long millis) throws InterruptedException;
  }

  /** How an address answers. */
  private enum Answer {
    /** A scheduler of this topology answers. */
    ANSWERS,
    /** Nobody listens there. */
    REFUSES,
    /** Anything else, or nothing: proves nothing. */
    UNCLEAR
  }

  private void run() {
    try {
      while (!closed) {
        pause.sleep(look());
      }
    } catch (InterruptedException e) {
      LOG.debug("the vigil ends");
    }
  }

  /** Looks once, or as long as the leader lives; returns how long to wait then. */
  private long look() throws InterruptedException {
    try {
      Optional<Place> first = election.first();
      if (first.isEmpty()) {
        return SOON_MILLIS;
      }
      if (election.isSelf(first.get())) {
        return FIRST_MILLIS;
      }
      return first.get().candidate().isPresent()
          ? look(first.get(), first.get().candidate().get())
          : LATER_MILLIS;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) { // what Curator declares: ZooKeeper is away, so nothing can be seen
      LOG.debug("the queue cannot be read now: {}", e.getMessage());
      return LATER_MILLIS;
    } catch (Throwable e) { // the thread's edge: an Error must not end the watching
      LOG.error("the leading scheduler cannot be watched now", e);
      return LATER_MILLIS;
    }
  }

  private long look(Place place, Candidate leader) throws Exception {
    if (self.seesDead(leader)) {
      remove(place, leader, "is gone");
      return 0;
    }
    if (self.wasOnce(leader)) {
      LOG.info("leaves the place in the queue that a lost session of this process still holds");
      election.remove(place);
      return 0;
    }
    Answer answer = ask(leader);
    if (answer == Answer.ANSWERS) {
      if (!reached.equals(Optional.of(leader))) {
        reached = Optional.of(leader);
        seen.accept(leader);
      }
      hold(leader);
      return 0;
    }
    if (answer == Answer.REFUSES && (hasty || reached.equals(Optional.of(leader)))) {
      pause.sleep(SOON_MILLIS);
      if (ask(leader) == Answer.REFUSES) {
        remove(place, leader, "no longer listens");
      }
      return 0;
    }
    return LATER_MILLIS;
  }

  private void remove(Place place, Candidate dead, String why) throws Exception {
    LOG.warn("the leading scheduler ({}) {}: another takes over", dead, why);
    election.remove(place);
  }

  private Answer ask(Candidate leader) {
    try (Socket socket = connect(leader)) {
      String request =
          "GET /api/v1/status HTTP/1.1\r\nHost: "
              + leader.endpoint()
              + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(socket.getInputStream().readNBytes(STATUS_BYTES), StandardCharsets.UTF_8);
      return answer.contains("\"" + topologyId + "\"") ? Answer.ANSWERS : Answer.UNCLEAR;
    } catch (ConnectException e) {
      return Answer.REFUSES;
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("{} is unclear: {}", leader, e.getMessage());
      return Answer.UNCLEAR;
    }
  }

  /** Returns when the connection ends, or after a while: then it is time to ask again. */
  private void hold(Candidate leader) {
    try (Socket socket = connect(leader)) {
      held = socket;
      socket.setSoTimeout(HOLD_MILLIS);
      InputStream in = socket.getInputStream();
      if (!closed && in.read() >= 0) {
        LOG.debug("{} said something unasked", leader);
      }
    } catch (SocketTimeoutException e) {
      LOG.debug("{} holds", leader);
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("{} let go: {}", leader, e.getMessage());
    }
  }

  private static Socket connect(Candidate leader) throws IOException {
    int colon = leader.endpoint().lastIndexOf(':');
    if (colon < 0) {
      throw new IOException("it has no address");
    }
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(CONNECT_MILLIS);
      socket.connect(
          new InetSocketAddress(
              leader.endpoint().substring(0, colon),
              Integer.parseInt(leader.endpoint().substring(colon + 1))),
          CONNECT_MILLIS);
      return socket;
    } catch (IOException | IllegalArgumentException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    Socket socket = held;
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        LOG.debug("closing: {}", e.getMessage());
      }
    }
  }
}
