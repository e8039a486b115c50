package org.apache.heron.statemgr.zookeeper.curator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.statemgr.tunnel.SshTunnel;
import org.apache.heron.statemgr.tunnel.TunnelSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ZooKeeperTunnelTest {
  private final List<List<String>> commands = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();
  private final List<Closeable> sockets = new ArrayList<>();

  private static final TunnelSettings SETTINGS =
      new TunnelSettings(
          true,
          "gate.example",
          "heron.statemgr.tunnel.host",
          "a.yaml:1",
          Duration.ofSeconds(5),
          2,
          Duration.ofMillis(1),
          3);

  @AfterEach
  void stop() throws IOException {
    processes.forEach(Process::destroyForcibly);
    for (Closeable socket : sockets) {
      socket.close();
    }
  }

  private ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket(port, 10, InetAddress.getByName("127.0.0.1"));
    sockets.add(socket);
    return socket;
  }

  /** Listens on the local port of the command, as ssh does. */
  private Process forward(List<String> command) throws IOException {
    commands.add(command);
    listen(Integer.parseInt(command.get(1).replaceAll("-NL(\\d+):.*", "$1")));
    return idle();
  }

  private static ZooKeeperTunnel open(
      TunnelSettings settings, String servers, SshTunnel.Launcher launcher) {
    return ZooKeeperTunnel.open(settings, servers, new SshTunnel(settings, launcher));
  }

  private Process idle() throws IOException {
    Process process = new ProcessBuilder("sleep", "600").start();
    processes.add(process);
    return process;
  }

  @Test
  void withoutNeedNothingIsTried() {
    TunnelSettings off = TunnelSettings.of(Config.of(Map.of()), "statemgr");
    try (ZooKeeperTunnel tunnel = open(off, "a:1,b:2/x", this::forward)) {
      assertThat(tunnel.servers()).isEqualTo("a:1,b:2/x");
    }
    assertThat(commands).isEmpty();
  }

  @Test
  void aServerThatCanBeReachedIsUsedDirectly() throws IOException {
    int port = listen(0).getLocalPort();
    try (ZooKeeperTunnel tunnel = open(SETTINGS, "127.0.0.1:" + port + "/x", this::forward)) {
      assertThat(tunnel.servers()).isEqualTo("127.0.0.1:" + port + "/x");
    }
    assertThat(commands).isEmpty();
  }

  @Test
  void theOthersAreReachedThroughSshWhichEndsWithTheTunnel() throws Exception {
    ZooKeeperTunnel tunnel = open(SETTINGS, "one.invalid:2181,two.invalid:2182/x", this::forward);
    assertThat(commands).hasSize(2);
    List<String> ports =
        commands.stream().map(command -> command.get(1).split(":")[0].substring(3)).toList();
    assertThat(commands.get(0))
        .containsExactly("ssh", "-NL" + ports.get(0) + ":one.invalid:2181", "gate.example");
    assertThat(tunnel.servers())
        .isEqualTo("127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1) + "/x");
    tunnel.close();
    for (Process process : processes) {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void serversWithoutAnyWayAreLeftOutAndNoneAtAllIsAnError() throws Exception {
    // Bound, so that nobody else listens there.
    Socket bound = new Socket();
    bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    sockets.add(bound);
    int closed = bound.getLocalPort();
    int open = listen(0).getLocalPort();
    SshTunnel.Launcher broken =
        command -> {
          commands.add(command);
          return idle();
        };
    try (ZooKeeperTunnel tunnel =
        open(SETTINGS, "127.0.0.1:" + closed + ",127.0.0.1:" + open + ",x.invalid:1", broken)) {
      assertThat(tunnel.servers()).isEqualTo("127.0.0.1:" + open);
    }
    assertThat(commands).as("no tunnel to this host itself").hasSize(1);
    assertThatThrownBy(() -> open(SETTINGS, "x.invalid:1", broken))
        .isInstanceOf(StateException.class)
        .hasMessageStartingWith("Failed to connect to tunnel host 'gate.example'");
    for (Process process : processes) {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ended").isTrue();
    }
  }

  @Test
  void whatSshSaysIsTold() {
    // Its end is waited for: a process that is ended before it has spoken says nothing.
    TunnelSettings patient =
        new TunnelSettings(
            true,
            SETTINGS.host(),
            SETTINGS.hostKey(),
            SETTINGS.origin(),
            SETTINGS.timeout(),
            1,
            Duration.ofMinutes(1),
            2);
    SshTunnel.Launcher refused =
        command -> {
          Process process =
              new ProcessBuilder(
                      "sh",
                      "-c",
                      "echo Warning: added gate.example >&2; echo 'ada@gate.example: Permission"
                          + " denied (publickey).' >&2; exit 255")
                  .start();
          processes.add(process);
          return process;
        };
    assertThatThrownBy(() -> open(patient, "x.invalid:1", refused))
        .isInstanceOf(StateException.class)
        .hasMessageEndingWith(
            "through it; ssh says: ada@gate.example: Permission denied (publickey).");
    SshTunnel.Launcher missing =
        command -> {
          throw new IOException("error=2, No such file or directory");
        };
    assertThatThrownBy(() -> open(patient, "x.invalid:1", missing))
        .hasMessageEndingWith("; ssh cannot be started: error=2, No such file or directory");
  }

  @Test
  void bothSpellingsOfTheRetryKeysAreRead() {
    TunnelSettings shipped =
        TunnelSettings.of(
            Config.of(
                Map.of(
                    "heron.statemgr.is.tunnel.needed",
                    true,
                    "heron.statemgr.tunnel.host",
                    "h",
                    "heron.statemgr.tunnel.connection.retry.count",
                    7,
                    "heron.statemgr.tunnel.retry.interval.ms",
                    8)),
            "statemgr");
    assertThat(shipped.attempts()).isEqualTo(7);
    assertThat(shipped.pause()).isEqualTo(Duration.ofMillis(8));
    TunnelSettings inCode =
        TunnelSettings.of(
            Config.of(
                Map.of(
                    "heron.statemgr.tunnel.connection.retryCount.count", 5,
                    "heron.statemgr.tunnel.retryCount.interval.ms", 6)),
            "statemgr");
    assertThat(inCode.attempts()).isEqualTo(5);
    assertThat(inCode.pause()).isEqualTo(Duration.ofMillis(6));
  }

  @Test
  void aHostThatSshWouldReadAsAnOptionIsRefused() {
    Config config =
        Config.of(
            Map.of(
                "heron.statemgr.is.tunnel.needed",
                true,
                "heron.statemgr.tunnel.host",
                "-oProxyCommand=x"));
    assertThatThrownBy(() -> TunnelSettings.of(config, "statemgr"))
        .isInstanceOf(ConfigException.class);
  }
}
