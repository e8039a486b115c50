package org.apache.heron.executor.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number with one writer at a time and any readers; cheaper than an atomic. */
public final class Count {

  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(Count.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by VALUE
  private long value;

  /** Adds; never two threads at a time. */
  public void add(long more) {
    VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + more);
  }

  /** The number, perhaps a moment old. */
  public long get() {
    return (long) VALUE.getOpaque(this);
  }
}
