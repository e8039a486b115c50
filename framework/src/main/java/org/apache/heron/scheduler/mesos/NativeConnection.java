package org.apache.heron.scheduler.mesos;

import java.util.Map;
import java.util.function.Consumer;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.driver.DriverOptions;
import org.apache.heron.framework.driver.NativeMesos;
import org.apache.heron.framework.runtime.Incoming;
import org.apache.heron.framework.runtime.MesosConnection;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection by libmesos. That driver does not tell what becomes of a call: what was sent counts
 * as taken, but for TEARDOWN, of which the end of the subscription is no proof, for a master's
 * death ends it as well. That the framework is gone is heard when it subscribes again (recording
 * subscribe-and-finish). Thread-safe.
 */
final class NativeConnection implements MesosConnection {
  private static final Logger LOG = LoggerFactory.getLogger(NativeConnection.class);

  private final Consumer<Event> target;
  private final String masters;
  private final OperatorEnding ending;
  private final Mesos mesos;
  private boolean connected;
  private boolean closed;
  private String error = "";

  /** How the driver is started. */
  @FunctionalInterface
  interface Driver {
    Mesos start(Scheduler scheduler) throws NativeMesos.Unavailable;
  }

  private NativeConnection(DriverOptions options, Consumer<Event> target, Driver driver)
      throws NativeMesos.Unavailable {
    this.masters = options.masters().toString();
    this.target = target;
    this.ending = new OperatorEnding(options, target);
    this.mesos = driver.start(new Listener());
  }

  /**
   * Opens one.
   *
   * @throws SchedulerException if libmesos cannot be used; the message says why
   */
  static MesosConnection open(
      DriverOptions options, Map<String, String> environment, Consumer<Event> target) {
    return open(options, target, scheduler -> NativeMesos.start(scheduler, options, environment));
  }

  static MesosConnection open(DriverOptions options, Consumer<Event> target, Driver driver) {
    try {
      return new NativeConnection(options, target, driver);
    } catch (NativeMesos.Unavailable e) {
      throw new SchedulerException(e.getMessage(), e);
    }
  }

  @Override
  public void send(Call call, Runnable taken) {
    synchronized (this) {
      if (closed) {
        LOG.warn("call {} is not sent: the connection is closed", call.getType());
        return;
      }
    }
    mesos.send(call);
    if (call.getType() != Call.Type.TEARDOWN) {
      taken.run();
    }
  }

  @Override
  public void reconnect() {
    mesos.reconnect();
  }

  /** By HTTP: libmesos speaks to masters as a scheduler only. */
  @Override
  public void tearDown(String frameworkId) {
    ending.tearDown(frameworkId);
  }

  @Override
  public synchronized String problem() {
    if (!error.isEmpty()) {
      return error;
    }
    return connected ? "" : "libmesos has found no Mesos master yet (" + masters + ")";
  }

  /** The scheduler is not called any more; libmesos ends its threads when it is collected. */
  @Override
  public synchronized void close() {
    closed = true;
    ending.close();
  }

  private synchronized boolean isOpen() {
    return !closed;
  }

  /** Hands on what libmesos tells. */
  private final class Listener implements Scheduler {
    @Override
    public void connected(Mesos driver) {
      if (isOpen()) {
        note(true, "");
        target.accept(new Event.Connected());
      }
    }

    @Override
    public void disconnected(Mesos driver) {
      if (isOpen()) {
        note(false, "");
        target.accept(new Event.Disconnected());
      }
    }

    @Override
    public void received(Mesos driver, Protos.Event event) {
      if (!isOpen()) {
        return;
      }
      if (event.getType() == Protos.Event.Type.ERROR) {
        note(false, "the Mesos master has ended this framework: " + event.getError().getMessage());
      }
      Incoming.read(event).forEach(target);
    }
  }

  private synchronized void note(boolean nowConnected, String newError) {
    connected = nowConnected;
    if (nowConnected || !newError.isEmpty()) {
      error = newError;
    }
  }
}
