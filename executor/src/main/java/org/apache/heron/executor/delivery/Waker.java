package org.apache.heron.executor.delivery;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets one thread sleep until others have work for it. {@link #wake} costs little if it is awake.
 */
public final class Waker {

  private static final VarHandle ASLEEP;

  static {
    try {
      ASLEEP = MethodHandles.lookup().findVarHandle(Waker.class, "asleep", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile Thread sleeper;
  private volatile boolean asleep;

  /** Wakes the sleeper, if it sleeps. What it shall find must have been written before. */
  public void wake() {
    VarHandle.fullFence();
    if (asleep && ASLEEP.compareAndSet(this, true, false)) {
      LockSupport.unpark(sleeper);
    }
  }

  /** Sleeps for at most {@code nanos}, unless there is work. To be called by one thread only. */
  public void sleep(long nanos, BooleanSupplier work) {
    sleeper = Thread.currentThread();
    asleep = true;
    VarHandle.fullFence();
    if (!work.getAsBoolean() && nanos > 0) {
      LockSupport.parkNanos(this, nanos);
    }
    asleep = false;
  }
}
