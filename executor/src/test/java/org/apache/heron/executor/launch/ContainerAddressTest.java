package org.apache.heron.executor.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContainerAddressTest {
  private static final String REMOTE_STATE = "10.0.0.1:2181,10.0.0.2:2181/chroot";

  private final Stub host = new Stub();

  @Test
  void aHostAdvertisesItsNameAndListensThere() {
    assertThat(choose(Map.of(), REMOTE_STATE))
        .isEqualTo(new ContainerAddress("node7", ip("10.0.0.7")));
  }

  @Test
  void whereStateIsLocalEverythingIs() {
    for (String connection : new String[] {"127.0.0.1:2181", "localhost:2181", "LOCALMODE"}) {
      assertThat(choose(Map.of(), connection))
          .isEqualTo(new ContainerAddress("127.0.0.1", ip("127.0.0.1")));
    }
    assertThat(choose(Map.of(), "127.0.0.1:2181,10.0.0.1:2181").host()).isEqualTo("node7");
  }

  @Test
  void aNameThatDoesNotResolveIsReplaced() {
    host.addresses.remove("node7");
    assertThat(choose(Map.of("LIBPROCESS_IP", "10.0.0.7"), REMOTE_STATE))
        .isEqualTo(new ContainerAddress("10.0.0.7", ip("10.0.0.7")));
    assertThat(
            choose(
                    Map.of("LIBPROCESS_IP", "0.0.0.0", "MESOS_AGENT_ENDPOINT", "10.0.0.7:5051"),
                    REMOTE_STATE)
                .host())
        .isEqualTo("10.0.0.7");
    assertThat(choose(Map.of(), REMOTE_STATE).host()).isEqualTo("127.0.0.1");
  }

  /** As Debian and Ubuntu have it in /etc/hosts. */
  @Test
  void aNameThatIsLoopbackHereIsNotBound() {
    host.addresses.put("node7", "127.0.1.1");
    assertThat(choose(Map.of(), REMOTE_STATE))
        .isEqualTo(new ContainerAddress("node7", ip("0.0.0.0")));
    assertThat(choose(Map.of("LIBPROCESS_IP", "10.0.0.7"), REMOTE_STATE))
        .isEqualTo(new ContainerAddress("10.0.0.7", ip("10.0.0.7")));
    assertThat(choose(Map.of(), "127.0.0.1:2181"))
        .isEqualTo(new ContainerAddress("127.0.0.1", ip("127.0.0.1")));
  }

  @Test
  void dockerAndKubernetesHaveUpstreamsRules() {
    assertThat(choose(Map.of("POD_NAME", "p"), REMOTE_STATE).host()).isEqualTo("node7.example.org");
    assertThat(choose(Map.of("HOST", "10.0.0.9"), REMOTE_STATE).host()).isEqualTo("node7");
    host.docker = true;
    assertThat(choose(Map.of("HOST", "10.0.0.9"), REMOTE_STATE))
        .as("the bridge's outside cannot be bound")
        .isEqualTo(new ContainerAddress("10.0.0.9", ip("0.0.0.0")));
  }

  @Test
  void theOperatorHasTheLastWord() {
    assertThat(choose(Map.of(ContainerAddress.BIND_VARIABLE, "10.0.0.8"), "127.0.0.1:2181"))
        .isEqualTo(new ContainerAddress("10.0.0.8", ip("10.0.0.8")));
    assertThat(choose(Map.of(ContainerAddress.BIND_VARIABLE, "0.0.0.0"), "127.0.0.1:2181"))
        .isEqualTo(new ContainerAddress("node7", ip("0.0.0.0")));
    assertThat(
            ContainerAddress.choose(Map.of(), Optional.of("10.0.0.8"), REMOTE_STATE, host).host())
        .isEqualTo("10.0.0.8");
    assertThatThrownBy(
            () -> choose(Map.of(ContainerAddress.BIND_VARIABLE, "nowhere"), REMOTE_STATE))
        .hasMessageContaining("'nowhere'")
        .hasMessageContaining(ContainerAddress.BIND_VARIABLE);
  }

  private ContainerAddress choose(Map<String, String> environment, String connection) {
    return ContainerAddress.choose(environment, Optional.empty(), connection, host);
  }

  private static InetAddress ip(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static final class Stub implements ContainerAddress.Host {
    private final Map<String, String> addresses = new HashMap<>();
    private boolean docker;

    Stub() {
      addresses.put("node7", "10.0.0.7");
      addresses.put("node7.example.org", "10.0.0.7");
      addresses.put("localhost", "127.0.0.1");
    }

    @Override
    public String name() {
      return "node7";
    }

    @Override
    public String fullName() {
      return "node7.example.org";
    }

    @Override
    public boolean isDocker() {
      return docker;
    }

    @Override
    public Optional<InetAddress> resolve(String name) {
      if (name.matches("[0-9.]+")) {
        return Optional.of(ip(name));
      }
      return Optional.ofNullable(addresses.get(name)).map(ContainerAddressTest::ip);
    }

    @Override
    public boolean isLocal(InetAddress address) {
      return Set.of("10.0.0.7", "10.0.0.8", "127.0.0.1", "127.0.1.1")
          .contains(address.getHostAddress());
    }

    @Override
    public InetAddress wildcard() {
      return ip("0.0.0.0");
    }
  }
}
