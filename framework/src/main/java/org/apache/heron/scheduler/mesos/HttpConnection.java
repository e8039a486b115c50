package org.apache.heron.scheduler.mesos;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.driver.CallOutcome;
import org.apache.heron.framework.driver.DriverOptions;
import org.apache.heron.framework.driver.HttpMesos;
import org.apache.heron.framework.driver.Trouble;
import org.apache.heron.framework.metrics.FrameworkMetrics;
import org.apache.heron.framework.runtime.Incoming;
import org.apache.heron.framework.runtime.MesosConnection;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection by the driver in pure Java. */
final class HttpConnection implements MesosConnection {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  private final HttpMesos mesos;
  private final OperatorEnding ending;

  private HttpConnection(HttpMesos mesos, OperatorEnding ending) {
    this.mesos = mesos;
    this.ending = ending;
  }

  static MesosConnection open(
      DriverOptions options, Consumer<Event> listener, FrameworkMetrics metrics) {
    HttpMesos mesos = HttpMesos.start(new Listener(listener), options, metrics.registry());
    metrics.calls(mesos::waitingCalls);
    return new HttpConnection(mesos, new OperatorEnding(options, listener));
  }

  @Override
  public void send(Call call, Runnable taken) {
    mesos
        .call(call)
        .thenAccept(
            outcome -> {
              if (outcome instanceof CallOutcome.Accepted) {
                taken.run();
              } else {
                LOG.warn("Mesos has not taken a call {}: {}", call.getType(), outcome);
              }
            });
  }

  @Override
  public int waitingCalls() {
    return mesos.waitingCalls();
  }

  @Override
  public void reconnect() {
    mesos.reconnect();
  }

  @Override
  public void tearDown(String frameworkId) {
    ending.tearDown(frameworkId);
  }

  @Override
  public String problem() {
    return mesos.status().problem();
  }

  @Override
  public boolean isUnauthorized() {
    return mesos.status().trouble().filter(Trouble.Unauthorized.class::isInstance).isPresent();
  }

  @Override
  public CompletionStage<Void> ended() {
    return mesos.ended();
  }

  @Override
  public void close() {
    ending.close();
    mesos.close();
  }

  /** Hands on what the driver tells. */
  private record Listener(Consumer<Event> target) implements Scheduler {
    @Override
    public void connected(Mesos driver) {
      target.accept(new Event.Connected());
    }

    @Override
    public void disconnected(Mesos driver) {
      target.accept(new Event.Disconnected());
    }

    @Override
    public void received(Mesos driver, Protos.Event event) {
      Incoming.read(event).forEach(target);
    }
  }
}
