package org.apache.heron.service.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.heron.proto.tmanager.TopologyManager.TManagerLocation;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.statemgr.tunnel.SshTunnel;
import org.apache.heron.statemgr.tunnel.TunnelSettings;
import org.apache.heron.web.WebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TunnelRouteTest {
  private final StandInSsh ssh = new StandInSsh();
  private WebServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        WebServer.builder()
            .name("inside")
            .route("*", "/activate", (request, response) -> response.sendText("activated"))
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    ssh.close();
  }

  private static TunnelSettings settings(Map<String, Object> values) {
    Map<String, Object> all = new HashMap<>();
    all.put("heron.scheduler.is.tunnel.needed", true);
    all.put("heron.scheduler.tunnel.host", "gate.example");
    all.put("heron.scheduler.tunnel.connection.timeout.ms", 5000);
    all.put("heron.scheduler.tunnel.retry.interval.ms", 1);
    all.put("heron.scheduler.tunnel.verify.count", 3);
    all.putAll(values);
    return TunnelSettings.of(
        Config.of(all, Map.of("heron.scheduler.tunnel.host", "scheduler.yaml:9")), "scheduler");
  }

  private TunnelRoute route(SshTunnel.Launcher launcher) {
    TunnelSettings settings = settings(Map.of());
    return new TunnelRoute(settings, new SshTunnel(settings, launcher));
  }

  private TManagerClient manager(String host, Route route) {
    return new TManagerClient(
        TManagerLocation.newBuilder()
            .setTopologyName("words")
            .setTopologyId("words-1")
            .setHost(host)
            .setControllerPort(server.port())
            .setServerPort(1)
            .build(),
        route);
  }

  @Test
  void withoutNeedNothingIsTried() throws IOException {
    try (TunnelRoute route = new TunnelRoute(Config.of(Map.of()))) {
      assertThat(route.to("inside.invalid", 1)).isEqualTo(Proxy.NO_PROXY);
    }
  }

  @Test
  void whatCanBeReachedIsReachedStraight() {
    try (TunnelRoute route = route(ssh::start)) {
      manager("127.0.0.1", route).activate();
    }
    assertThat(ssh.commands()).isEmpty();
  }

  @Test
  void theOthersAreReachedThroughOneSshWhichEndsWithTheRoute() throws Exception {
    TunnelRoute route = route(ssh::start);
    manager("manager.inside.invalid", route).activate();
    Http.Answer answer =
        Http.call(
            URI.create("http://scheduler.inside.invalid:" + server.port() + "/activate"),
            Optional.of(new byte[3]),
            Duration.ofSeconds(60),
            route);
    assertThat(answer.line()).isEqualTo("activated");
    assertThat(ssh.asked()).containsExactly("manager.inside.invalid", "scheduler.inside.invalid");
    assertThat(ssh.commands()).hasSize(1);
    assertThat(ssh.commands().get(0))
        .containsExactly("ssh", "-ND", ssh.commands().get(0).get(2), "gate.example");
    route.close();
    assertThat(ssh.processes().get(0).waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void withoutAnyWayTheTunnelIsNamed() throws Exception {
    try (TunnelRoute route = route(command -> new ProcessBuilder("false").start())) {
      assertThatThrownBy(() -> manager("manager.inside.invalid", route).activate())
          .isInstanceOf(SchedulerException.class)
          .hasMessageContaining(
              "it cannot be reached directly, nor by ssh through 'gate.example'"
                  + " (heron.scheduler.tunnel.host, from scheduler.yaml:9)");
    }
    try (TunnelRoute route =
        route(
            command -> {
              throw new IOException("no such program");
            })) {
      assertThatThrownBy(() -> route.to("manager.inside.invalid", 1))
          .hasMessageContaining("nor by ssh through 'gate.example'");
    }
  }

  @Test
  void noTunnelLeadsToThisHost() throws IOException {
    // Bound, so that nobody else listens there.
    try (Socket closed = new Socket();
        TunnelRoute route = route(ssh::start)) {
      closed.bind(new InetSocketAddress(0));
      assertThatThrownBy(() -> route.to("localhost", closed.getLocalPort()))
          .isInstanceOf(ConnectException.class);
    }
    assertThat(ssh.commands()).isEmpty();
  }

  @Test
  void bothSpellingsOfTheRetryKeysAreRead() {
    assertThat(settings(Map.of("heron.scheduler.tunnel.connection.retry.count", 7)).attempts())
        .isEqualTo(7);
    TunnelSettings inCode =
        settings(
            Map.of(
                "heron.scheduler.tunnel.connection.retryCount.count", 5,
                "heron.scheduler.tunnel.retryCount.interval.ms", 6));
    assertThat(inCode.attempts()).isEqualTo(5);
    assertThat(inCode.pause()).isEqualTo(Duration.ofMillis(6));
    assertThatThrownBy(() -> settings(Map.of("heron.scheduler.tunnel.host", "-oProxyCommand=x")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("heron.scheduler.tunnel.host");
    assertThatThrownBy(() -> settings(Map.of("heron.scheduler.tunnel.verify.count", 0)))
        .isInstanceOf(ConfigException.class);
  }
}
