package org.apache.heron.framework.runtime;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.heron.framework.core.Event;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** Mesos as a runtime sees it: says what the test says, and keeps what it is sent. */
final class ScriptedMesos implements MesosConnection.Opener, MesosConnection {
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final List<String> tornDown = new CopyOnWriteArrayList<>();
  private volatile Consumer<Event> listener;
  private volatile boolean closed;

  @Override
  public MesosConnection open(Consumer<Event> target) {
    listener = target;
    return this;
  }

  /** Tells the runtime what has happened. */
  ScriptedMesos tell(Event... events) {
    for (Event event : events) {
      listener.accept(event);
    }
    return this;
  }

  /** The calls of that type so far. */
  List<Call> calls(Call.Type type) {
    return calls.stream().filter(call -> call.getType() == type).toList();
  }

  /** The first call of that type, when it has come. */
  Call next(Call.Type type) {
    await().atMost(Duration.ofSeconds(60)).until(() -> !calls(type).isEmpty());
    return calls(type).get(0);
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void send(Call call, Runnable taken) {
    calls.add(call);
    if (call.getType() == Call.Type.UPDATE_FRAMEWORK) {
      taken.run();
    }
  }

  @Override
  public void reconnect() {}

  @Override
  public void tearDown(String frameworkId) {
    tornDown.add(frameworkId);
  }

  /** What was to be ended by the operator API. */
  List<String> tornDown() {
    return tornDown;
  }

  @Override
  public String problem() {
    return "";
  }

  @Override
  public void close() {
    closed = true;
  }
}
