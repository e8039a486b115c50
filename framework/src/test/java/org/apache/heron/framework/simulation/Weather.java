package org.apache.heron.framework.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.heron.framework.storage.SimulatedZooKeeper.Fate;

/** What becomes of requests to ZooKeeper. */
final class Weather {
  private final Agenda agenda;
  private final Deque<Fate> nextWrites = new ArrayDeque<>();
  private long awayUntil;

  Weather(Agenda agenda) {
    this.agenda = agenda;
  }

  Fate fate(boolean write) {
    if (isAway()) {
      return Fate.NOT_ARRIVED;
    }
    return write && !nextWrites.isEmpty() ? nextWrites.remove() : Fate.SERVED;
  }

  boolean isAway() {
    return agenda.now() < awayUntil;
  }

  void away(long wait) {
    awayUntil = Math.max(awayUntil, agenda.now() + wait);
  }

  void loseAnswers(Fate fate, int writes) {
    for (int i = 0; i < writes; i++) {
      nextWrites.add(fate);
    }
  }

  void clear() {
    awayUntil = 0;
    nextWrites.clear();
  }
}
