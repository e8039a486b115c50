package org.apache.heron.minicluster.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {
  /** Where Linux begins to take ports for outgoing connections. */
  private static final int EPHEMERAL = 32_768;

  @Test
  void blocksHaveNoPortAlikeAndCanBeListenedOnWhileTheyAreHeld() throws IOException {
    try (PortBlock one = PortBlock.take();
        PortBlock other = PortBlock.take()) {
      assertThat(other.first() > one.last() || one.first() > other.last()).isTrue();
      assertThat(one.range()).isEqualTo("[" + one.first() + "-" + (one.first() + 62) + "]");
      for (int port : new int[] {one.first(), one.last(), other.first(), other.last()}) {
        assertThat(port).isLessThan(EPHEMERAL);
        try (ServerSocket listener = new ServerSocket(port)) {
          assertThat(listener.isBound()).isTrue();
        }
      }
    }
  }

  @Test
  void whoHoldsABlockKeepsItsMarkFromOthers() throws IOException {
    try (PortBlock block = PortBlock.take();
        Socket second = new Socket()) {
      int mark = block.first() - 1;
      assertThatThrownBy(
              () -> second.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), mark)))
          .isInstanceOf(BindException.class);
    }
  }

  /** What is down for a while comes back on its port: until then it must be nobody else's. */
  @Test
  void aPortIsGivenAgainOnlyAfterAllOthers() throws IOException {
    try (PortSlices slices = new PortSlices(3)) {
      List<Integer> given = new ArrayList<>();
      int again = untilOneComesAgain(slices, given);
      assertThat(again).isEqualTo(given.get(0));
      // Somebody may listen on some.
      assertThat(given).hasSizeBetween(2 * PortSlices.PORTS, 3 * (PortSlices.PORTS - 1));
    }
  }

  private static int untilOneComesAgain(PortSlices slices, List<Integer> given) throws IOException {
    int next = slices.next();
    for (; !given.contains(next); next = slices.next()) {
      given.add(next);
    }
    return next;
  }

  @Test
  void noProcessIsGivenAnothersPorts() throws IOException {
    try (PortSlices ours = new PortSlices(1);
        PortSlices others = new PortSlices(1)) {
      Set<Integer> given = new HashSet<>();
      for (int i = 0; i < PortSlices.PORTS; i++) {
        given.add(ours.next());
      }
      for (int i = 0; i < PortSlices.PORTS; i++) {
        assertThat(given).doesNotContain(others.next());
      }
    }
  }

  @Test
  void whoNeedsMoreThanWhatIsEnoughGetsMore() throws IOException {
    List<ServerSocket> listening = new ArrayList<>();
    try (PortSlices slices = new PortSlices(1)) {
      for (int i = 0; i < 2 * PortSlices.PORTS; i++) {
        listening.add(new ServerSocket(slices.next(), 1, InetAddress.getLoopbackAddress()));
      }
      assertThat(listening).extracting(ServerSocket::getLocalPort).doesNotHaveDuplicates();
      // What is free again is found among those that are in use, before another slice is taken.
      Set<Integer> held = new HashSet<>();
      listening.forEach(each -> held.add(each.getLocalPort() / PortSlices.PORTS));
      int free = listening.get(7).getLocalPort();
      listening.get(7).close();
      List<Integer> given = new ArrayList<>();
      untilOneComesAgain(slices, given);
      assertThat(given).contains(free).allMatch(port -> held.contains(port / PortSlices.PORTS));
    } finally {
      for (ServerSocket each : listening) {
        each.close();
      }
    }
  }

  @Test
  void whereSomebodyWasFasterAnotherPortIsTried() throws IOException {
    List<Integer> tried = new ArrayList<>();
    try (ServerSocket faster = new ServerSocket()) {
      int found =
          FreePort.listen(
              0,
              port -> {
                tried.add(port);
                if (tried.size() == 1) {
                  faster.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                  throw new IOException("taken");
                }
                return port;
              });
      assertThat(tried).hasSize(2);
      assertThat(found).isEqualTo(tried.get(1)).isNotEqualTo(tried.get(0)).isLessThan(EPHEMERAL);
    }
  }

  /** As where a connection of the last owner lingers. */
  @Test
  void aPortThatIsFreeAndYetRefusedIsLeftForAnother() throws IOException {
    List<Integer> tried = new ArrayList<>();
    int found =
        FreePort.listen(
            0,
            port -> {
              tried.add(port);
              if (tried.size() == 1) {
                throw new IOException("cannot listen", new BindException("Address already in use"));
              }
              return port;
            });
    assertThat(tried).hasSize(2);
    assertThat(found).isEqualTo(tried.get(1));
  }

  @Test
  void whatFailsForAnotherReasonOrOnThePortThatWasAskedForFailsAtOnce() {
    List<Integer> tried = new ArrayList<>();
    for (int asked : new int[] {0, 5050}) {
      assertThatThrownBy(
              () ->
                  FreePort.listen(
                      asked,
                      port -> {
                        tried.add(port);
                        throw new IOException("no permission");
                      }))
          .hasMessage("no permission");
    }
    assertThat(tried).hasSize(2).endsWith(5050);
  }
}
