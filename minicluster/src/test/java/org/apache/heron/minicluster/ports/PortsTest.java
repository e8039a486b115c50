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
import java.util.List;
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
