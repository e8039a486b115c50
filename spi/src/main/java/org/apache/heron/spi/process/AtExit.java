package org.apache.heron.spi.process;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is done when the JVM ends (Ctrl-C, SIGTERM, {@link System#exit}): one rank after the other.
 * Java itself begins all shutdown hooks at once, so that what is still needed would go with what
 * needs it. Thread-safe.
 */
public final class AtExit {
  private static final AtExit OF_THIS_JVM = new AtExit(Runtime.getRuntime()::addShutdownHook);

  /** When something is done; ranks are done in this order. */
  public enum Rank {
    /** Work is told to end, and takes back what it has begun. */
    WORK,
    /** The ways to others end, which work may need to the last. */
    CONNECTIONS
  }

  /** Something that is done at the end, unless it is closed before. */
  public interface Duty extends AutoCloseable {
    /** Forgets it; too late if its rank has begun. */
    @Override
    void close();
  }

  private final Consumer<Thread> hooks;
  private final Map<Rank, List<Thread>> duties = new EnumMap<>(Rank.class);
  private boolean hooked;

  /**
   * @param hooks takes the thread that is to run at the end
   */
  AtExit(Consumer<Thread> hooks) {
    this.hooks = hooks;
    for (Rank rank : Rank.values()) {
      duties.put(rank, new ArrayList<>());
    }
  }

  /**
   * Notes something for the end of this JVM.
   *
   * @param thread name of the thread that does it
   * @param action which limits its own time: the JVM does not end before
   * @throws IllegalStateException if the JVM is ending, and that rank's turn has come
   */
  public static Duty perform(Rank rank, String thread, Runnable action) {
    return OF_THIS_JVM.add(rank, thread, action);
  }

  synchronized Duty add(Rank rank, String name, Runnable action) {
    if (!hooked) {
      // Not when this class is loaded: that may be too late, which is no error of the class.
      hooks.accept(new Thread(this::run, "at-exit"));
      hooked = true;
    }
    List<Thread> those = duties.get(rank);
    if (those == null) {
      throw new IllegalStateException("the JVM is ending");
    }
    Thread thread = new Thread(action, name);
    those.add(thread);
    return () -> remove(thread);
  }

  private synchronized void remove(Thread thread) {
    duties.values().forEach(those -> those.remove(thread));
  }

  private synchronized List<Thread> take(Rank rank) {
    return duties.remove(rank);
  }

  /** A rank begins when all of the one before have ended, each in a thread of its own. */
  private void run() {
    for (Rank rank : Rank.values()) {
      List<Thread> threads = take(rank);
      threads.forEach(Thread::start);
      threads.forEach(AtExit::await);
    }
  }

  private static void await(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      // Nobody else has this thread; whoever interrupts it wants the end sooner.
      Thread.currentThread().interrupt();
    }
  }
}
