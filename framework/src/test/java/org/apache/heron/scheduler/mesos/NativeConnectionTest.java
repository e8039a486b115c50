package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.heron.framework.core.Event;
import org.apache.heron.framework.driver.DriverOptions;
import org.apache.heron.framework.driver.MasterUri;
import org.apache.heron.framework.runtime.MesosConnection;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Scheduler;
import org.junit.jupiter.api.Test;

/** The runtime's connection over libmesos' driver. */
class NativeConnectionTest {
  private final List<Event> told = new ArrayList<>();
  private final List<String> taken = new ArrayList<>();
  private final Driver driver = new Driver();

  /** Stands for libmesos. */
  private static final class Driver implements Mesos {
    final List<Call.Type> sent = new ArrayList<>();
    Scheduler scheduler;

    @Override
    public void send(Call call) {
      sent.add(call.getType());
    }

    @Override
    public void reconnect() {
      scheduler.disconnected(this);
    }
  }

  private MesosConnection open() {
    return NativeConnection.open(
        DriverOptions.of(MasterUri.parse("zk://a:2181/mesos", false)),
        told::add,
        scheduler -> {
          driver.scheduler = scheduler;
          return driver;
        });
  }

  private static Call call(Call.Type type) {
    return Call.newBuilder().setType(type).build();
  }

  @Test
  void eventsComeAndCallsGo() {
    try (MesosConnection connection = open()) {
      assertThat(connection.problem()).contains("found no Mesos master yet (zk://a:2181/mesos)");
      driver.scheduler.connected(driver);
      assertThat(connection.problem()).isEmpty();
      connection.send(call(Call.Type.REVIVE), () -> taken.add("revive"));
      connection.reconnect();
      assertThat(told).hasExactlyElementsOfTypes(Event.Connected.class, Event.Disconnected.class);
      assertThat(driver.sent).containsExactly(Call.Type.REVIVE);
      assertThat(taken).containsExactly("revive");
    }
  }

  @Test
  void theEndOfTheSubscriptionIsNoProofOfATeardown() {
    try (MesosConnection connection = open()) {
      driver.scheduler.connected(driver);
      connection.send(call(Call.Type.TEARDOWN), () -> taken.add("teardown"));
      assertThat(taken).isEmpty();
      driver.scheduler.disconnected(driver);
      driver.scheduler.connected(driver);
      assertThat(taken).isEmpty();
      assertThat(told)
          .hasExactlyElementsOfTypes(
              Event.Connected.class, Event.Disconnected.class, Event.Connected.class);
    }
  }

  @Test
  void anErrorStaysTheProblemUntilItConnectsAgain() {
    try (MesosConnection connection = open()) {
      driver.scheduler.connected(driver);
      driver.scheduler.received(
          driver,
          Protos.Event.newBuilder()
              .setType(Protos.Event.Type.ERROR)
              .setError(Protos.Event.Error.newBuilder().setMessage("Framework failed over"))
              .build());
      driver.scheduler.disconnected(driver);
      assertThat(connection.problem()).contains("Framework failed over");
      driver.scheduler.connected(driver);
      assertThat(connection.problem()).isEmpty();
    }
  }

  @Test
  void afterItIsClosedNothingIsToldAndNothingSent() {
    MesosConnection connection = open();
    connection.close();
    driver.scheduler.connected(driver);
    connection.send(call(Call.Type.REVIVE), () -> taken.add("revive"));
    assertThat(told).isEmpty();
    assertThat(driver.sent).isEmpty();
    assertThat(taken).isEmpty();
  }

  @Test
  void withoutTheLibraryTheReasonIsOneLine() {
    DriverOptions options =
        new MesosSettings(Config.of(Map.of("heron.mesos.master.uri", "m:5050"))).driver();
    assertThatThrownBy(() -> NativeConnection.open(options, Map.of(), told::add))
        .isInstanceOf(SchedulerException.class)
        .hasMessageStartingWith("heron.mesos.driver is native, but MESOS_NATIVE_JAVA_LIBRARY");
  }
}
