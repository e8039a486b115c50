package org.apache.heron.scheduler.nomad;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tasks that only say that they run, fail or end, at once or when they are told to. */
final class PlayedTasks implements World.Tasks {
  private volatile Play play = Play.RUNS;
  private volatile boolean staysWhenStopped;
  private volatile boolean answers = true;
  private final List<Alloc> stopping = new CopyOnWriteArrayList<>();

  /** What becomes of a task that is started. */
  enum Play {
    RUNS,
    STAYS_PENDING,
    FAILS,
    RESTARTS
  }

  void now(Play next) {
    play = next;
  }

  /** Nobody listens at any port of a task. */
  void refuseConnections() {
    answers = false;
  }

  @Override
  public boolean answers(Alloc allocation, int port) {
    return answers;
  }

  /** Tasks that are to end do so only when {@link #endAll} is called. */
  void holdStops() {
    staysWhenStopped = true;
  }

  void endAll(World world) {
    staysWhenStopped = false;
    stopping.forEach(each -> world.report(each, "complete", "dead"));
    stopping.clear();
  }

  @Override
  public void start(World world, Alloc allocation) {
    switch (play) {
      case RUNS -> {
        allocation.event("Started", "Task started by client");
        world.report(allocation, "running", "running");
      }
      case STAYS_PENDING -> allocation.event("Driver", "Downloading image");
      case RESTARTS -> {
        allocation.restarts = 6;
        allocation.event("Terminated", "Exit Code: 1");
        allocation.event("Restarting", "Task restarting in 15s");
        world.report(allocation, "pending", "pending");
      }
      case FAILS -> {
        allocation.event("Driver Failure", "Failed to pull `heron`: image not found");
        world.report(allocation, "failed", "dead");
        world.reschedule(allocation);
      }
    }
  }

  @Override
  public void stop(World world, Alloc allocation) {
    if (staysWhenStopped) {
      stopping.add(allocation);
    } else {
      world.report(allocation, "complete", "dead");
    }
  }
}
