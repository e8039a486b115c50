package org.apache.heron.executor.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.heron.executor.acking.AckUpdates;
import org.apache.heron.executor.delivery.Batch;
import org.apache.heron.executor.delivery.Delivery;
import org.apache.heron.executor.delivery.Outlet;
import org.junit.jupiter.api.Test;

class MeshTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int WINDOW = 1000;

  /** Keeps what comes in. */
  private static final class Kept implements MeshReceiver {

    final List<Batch.Encoded> batches = new CopyOnWriteArrayList<>();
    final List<String> greetings = new CopyOnWriteArrayList<>();
    final List<Integer> tags = new CopyOnWriteArrayList<>();
    final List<String> acks = new CopyOnWriteArrayList<>();
    final List<String> events = new CopyOnWriteArrayList<>();
    final AtomicBoolean pressure = new AtomicBoolean();

    @Override
    public void tuples(int task, int tag, Batch.Encoded batch) {
      tags.add(tag);
      batches.add(batch);
    }

    @Override
    public void acks(int spoutTask, AckUpdates updates) {
      acks.add(spoutTask + ": " + updates.ackCount() + "/" + updates.failCount());
    }

    @Override
    public void greeted(Object connection, String stmgrId) {
      greetings.add(stmgrId);
    }

    @Override
    public void pressure(Object connection, String stmgrId, boolean raised) {
      events.add(stmgrId + (raised ? " raised" : " ended"));
    }

    @Override
    public boolean underPressure() {
      return pressure.get();
    }

    @Override
    public void tellPressure(Consumer<Boolean> listener) {
      listener.accept(pressure.get());
    }

    @Override
    public void peerConnected(String stmgrId) {
      events.add(stmgrId + " connected");
    }

    @Override
    public void peerUnreachable(String stmgrId, String reason) {
      events.add(stmgrId + " unreachable: " + reason);
    }
  }

  private static Mesh mesh(String topologyId, String name, Kept receiver) throws IOException {
    return mesh(topologyId, name, receiver, Duration.ofSeconds(1));
  }

  private static Mesh mesh(String topologyId, String name, Kept receiver, Duration farewell)
      throws IOException {
    return new Mesh(
        new MeshSettings(
            topologyId,
            name,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            1024 * 1024,
            WINDOW,
            Duration.ofMillis(200),
            Duration.ofSeconds(30),
            farewell),
        receiver);
  }

  private static void connect(Mesh from, String name, Mesh to) {
    from.connect(Map.of(name, InetSocketAddress.createUnresolved("127.0.0.1", to.port())));
  }

  private static Batch batch(int length) {
    byte[] bytes = new byte[Batch.HEADER_BYTES + length];
    return new Batch.Encoded(bytes, Batch.HEADER_BYTES, bytes.length, 1, 7, freed -> {});
  }

  @Test
  void aSenderWithoutCreditWaitsWhileAcksPass() throws IOException {
    Kept receiver = new Kept();
    try (Mesh one = mesh("t", "stmgr-1", new Kept());
        Mesh two = mesh("t", "stmgr-2", receiver)) {
      connect(one, "stmgr-2", two);
      Outlet outlet = one.outlet("stmgr-2", 5, 55);
      await().atMost(PATIENCE).until(() -> outlet.offer(batch(600)) == Delivery.ACCEPTED);
      assertThat(outlet.offer(batch(600))).isEqualTo(Delivery.ACCEPTED);
      assertThat(outlet.offer(batch(600))).isEqualTo(Delivery.FULL);
      assertThat(one.outlet("stmgr-2", 6, 66).offer(batch(10))).isEqualTo(Delivery.ACCEPTED);
      await().atMost(PATIENCE).until(() -> receiver.tags.equals(List.of(55, 55, 66)));
      AckUpdates updates = new AckUpdates();
      updates.ack(1, 2);
      updates.fail(3);
      one.sendAcks("stmgr-2", 9, updates);
      await().atMost(PATIENCE).until(() -> receiver.acks.equals(List.of("9: 1/1")));
      receiver.batches.forEach(taken -> taken.credit().giveBack(taken.length()));
      await().atMost(PATIENCE).until(() -> outlet.offer(batch(1)) == Delivery.ACCEPTED);
    }
  }

  @Test
  void whatATaskIdWasBeforeHoldsNobodyBackWhoSendsToWhatItIsNow() throws IOException {
    Kept receiver = new Kept();
    try (Mesh one = mesh("t", "stmgr-1", new Kept());
        Mesh two = mesh("t", "stmgr-2", receiver)) {
      connect(one, "stmgr-2", two);
      Outlet before = one.outlet("stmgr-2", 5, 55);
      Outlet now = one.outlet("stmgr-2", 5, 66);
      await().atMost(PATIENCE).until(() -> before.offer(batch(WINDOW)) == Delivery.ACCEPTED);
      assertThat(before.offer(batch(1))).isEqualTo(Delivery.FULL);

      assertThat(now.offer(batch(WINDOW))).isEqualTo(Delivery.ACCEPTED);

      assertThat(now.offer(batch(1))).isEqualTo(Delivery.FULL);
      await().atMost(PATIENCE).until(() -> receiver.batches.size() == 2);
      receiver.batches.get(1).credit().giveBack(WINDOW);
      await().atMost(PATIENCE).until(() -> now.offer(batch(1)) == Delivery.ACCEPTED);
      assertThat(before.offer(batch(1))).isEqualTo(Delivery.FULL);
    }
  }

  @Test
  void aReceiverOfAnEarlierReleaseGivesCreditByTaskAlone() throws IOException {
    try (ServerSocket earlier = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Mesh one = mesh("t", "stmgr-1", new Kept())) {
      earlier.setSoTimeout((int) PATIENCE.toMillis());
      one.connect(
          Map.of(
              "stmgr-2", InetSocketAddress.createUnresolved("127.0.0.1", earlier.getLocalPort())));
      try (Socket socket = earlier.accept()) {
        // as it was written before there were tags in it: a length, a kind, and a task with bytes
        socket.getOutputStream().write(new byte[] {0, 0, 0, 1, Frames.WELCOME});
        Outlet outlet = one.outlet("stmgr-2", 5, 55);
        await().atMost(PATIENCE).until(() -> outlet.offer(batch(WINDOW)) == Delivery.ACCEPTED);
        assertThat(outlet.offer(batch(1))).isEqualTo(Delivery.FULL);
        assertThat(one.outlet("stmgr-2", 5, 66).offer(batch(1))).isEqualTo(Delivery.FULL);

        socket
            .getOutputStream()
            .write(new byte[] {0, 0, 0, 9, Frames.CREDIT, 0, 0, 0, 5, 0, 0, 1, 0});

        await().atMost(PATIENCE).until(() -> outlet.offer(batch(1)) == Delivery.ACCEPTED);
        assertThat(one.states()).containsEntry("stmgr-2", "CONNECTED");
      }
    }
  }

  @Test
  void aSenderOfAnEarlierReleaseFindsTaskAndBytesWhereTheyWere() throws IOException {
    Kept receiver = new Kept();
    try (Mesh two = mesh("t", "stmgr-2", receiver);
        Socket earlier = new Socket(InetAddress.getLoopbackAddress(), two.port())) {
      earlier.setSoTimeout((int) PATIENCE.toMillis());
      send(earlier, Frames.hello(new Frames.Hello("t", "stmgr-1", "stmgr-2", WINDOW, false)));
      DataInputStream in = new DataInputStream(earlier.getInputStream());
      assertThat(next(in)).startsWith(Frames.WELCOME);
      send(earlier, Frames.tuples(5, 55, (Batch.Encoded) batch(WINDOW)));
      await().atMost(PATIENCE).until(() -> receiver.batches.size() == 1);

      receiver.batches.get(0).credit().giveBack(WINDOW);

      assertThat(next(in)).startsWith(Frames.CREDIT, 0, 0, 0, 5, 0, 0, WINDOW >> 8, WINDOW & 0xff);
    }
  }

  /** The next frame that is no heartbeat. */
  private static byte[] next(DataInputStream in) throws IOException {
    byte[] frame = in.readNBytes(in.readInt());
    return frame[0] == Frames.PING ? next(in) : frame;
  }

  private static void send(Socket socket, ByteBuf frame) throws IOException {
    byte[] bytes = new byte[frame.readableBytes()];
    frame.readBytes(bytes);
    socket.getOutputStream().write(bytes);
  }

  @Test
  void aContainerOfAnotherTopologyIsRefused() throws IOException {
    Kept sender = new Kept();
    Kept receiver = new Kept();
    try (Mesh one = mesh("old", "stmgr-1", sender);
        Mesh two = mesh("new", "stmgr-2", receiver)) {
      connect(one, "stmgr-2", two);
      await()
          .atMost(PATIENCE)
          .until(() -> sender.events.stream().anyMatch(event -> event.contains("refused")));
      assertThat(sender.events.get(0)).contains("stmgr-1 is of topology old; this is new");
      assertThat(receiver.events).isEmpty();
      assertThat(receiver.batches).isEmpty();
    }
  }

  @Test
  void aContainerOfAnotherNameIsRefused() throws IOException {
    Kept sender = new Kept();
    try (Mesh one = mesh("t", "stmgr-1", sender);
        Mesh two = mesh("t", "stmgr-2", new Kept())) {
      connect(one, "stmgr-3", two);
      await()
          .atMost(PATIENCE)
          .until(() -> sender.events.toString().contains("looks for stmgr-3; this is stmgr-2"));
    }
  }

  @Test
  void strangersAreCutOffAndDoNoHarm() throws IOException {
    Kept receiver = new Kept();
    try (Mesh two = mesh("t", "stmgr-2", receiver)) {
      Random random = new Random(1);
      List<byte[]> greetings =
          List.of(
              "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
              new byte[] {0, 0, 0, 1, 4},
              new byte[] {0, 0, 0, 0},
              new byte[] {0, 0, 0, 2, 1, 1},
              new byte[] {0x7f, -1, -1, -1, 1},
              random
                  .ints(5000)
                  .collect(
                      () -> new java.io.ByteArrayOutputStream(),
                      java.io.ByteArrayOutputStream::write,
                      (a, b) -> {})
                  .toByteArray());
      for (byte[] greeting : greetings) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), two.port())) {
          socket.setSoTimeout((int) PATIENCE.toMillis());
          socket.getOutputStream().write(greeting);
          InputStream in = socket.getInputStream();
          assertThat(readToEnd(in)).isTrue();
        }
      }
      try (Mesh one = mesh("t", "stmgr-1", new Kept())) {
        connect(one, "stmgr-2", two);
        await().atMost(PATIENCE).until(() -> one.states().get("stmgr-2").equals("CONNECTED"));
      }
      assertThat(receiver.batches).isEmpty();
    }
  }

  private static boolean readToEnd(InputStream in) {
    try {
      in.readAllBytes();
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // reset: closed as well
    }
    return true;
  }

  @Test
  void pressureIsToldToPeersThatComeLaterAndEndsWithTheirConnection() throws IOException {
    Kept asking = new Kept();
    Kept told = new Kept();
    asking.pressure.set(true);
    try (Mesh two = mesh("t", "stmgr-2", told)) {
      try (Mesh one = mesh("t", "stmgr-1", asking)) {
        connect(one, "stmgr-2", two);
        await().atMost(PATIENCE).until(() -> told.events.contains("stmgr-1 raised"));
        assertThat(told.greetings).containsExactly("stmgr-1");
      }
      await().atMost(PATIENCE).until(() -> told.events.contains("stmgr-1 ended"));
    }
  }

  @Test
  void whatIsOfferedToADeadPeerIsGone() throws IOException {
    Kept sender = new Kept();
    try (Mesh one = mesh("t", "stmgr-1", sender)) {
      Mesh two = mesh("t", "stmgr-2", new Kept());
      connect(one, "stmgr-2", two);
      Outlet outlet = one.outlet("stmgr-2", 1, 11);
      assertThat(outlet.offer(batch(1))).isIn(Delivery.FULL, Delivery.ACCEPTED);
      await().atMost(PATIENCE).until(() -> sender.events.contains("stmgr-2 connected"));
      two.close();
      await().atMost(PATIENCE).until(() -> outlet.offer(batch(1)) == Delivery.GONE);
      assertThat(one.states()).containsEntry("stmgr-2", "DOWN");
    }
  }

  @Test
  void aPeerThatNoPlanNamesIsStillReachedForAWhile() throws IOException {
    Kept sender = new Kept();
    Kept receiver = new Kept();
    try (Mesh one = mesh("t", "stmgr-1", sender, Duration.ofHours(1));
        Mesh two = mesh("t", "stmgr-2", receiver)) {
      connect(one, "stmgr-2", two);
      await().atMost(PATIENCE).until(() -> sender.events.contains("stmgr-2 connected"));
      Outlet outlet = one.outlet("stmgr-2", 1, 11);

      one.connect(Map.of());

      assertThat(one.states()).isEmpty();
      assertThat(outlet.offer(batch(1))).isEqualTo(Delivery.ACCEPTED);
      await().atMost(PATIENCE).until(() -> receiver.batches.size() == 1);

      connect(one, "stmgr-2", two);

      assertThat(one.states()).as("it was not cut").containsEntry("stmgr-2", "CONNECTED");
      assertThat(sender.events).containsExactly("stmgr-2 connected");
    }
  }

  @Test
  void afterTheFarewellItIsGone() throws IOException {
    Kept sender = new Kept();
    try (Mesh one = mesh("t", "stmgr-1", sender, Duration.ofMillis(1));
        Mesh two = mesh("t", "stmgr-2", new Kept())) {
      connect(one, "stmgr-2", two);
      await().atMost(PATIENCE).until(() -> sender.events.contains("stmgr-2 connected"));
      Outlet outlet = one.outlet("stmgr-2", 1, 11);

      one.connect(Map.of());

      await().atMost(PATIENCE).until(() -> outlet.offer(batch(1)) == Delivery.GONE);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(one.outlet("stmgr-2", 1, 11)).isSameAs(Outlet.NOWHERE));
      assertThat(sender.events).as("it was not lost, it left").hasSize(1);

      connect(one, "stmgr-2", two);
      await().atMost(PATIENCE).until(() -> one.states().get("stmgr-2").equals("CONNECTED"));
    }
  }

  @Test
  void pressureOfAPeerThatIsKilledEndsAtOnce() throws IOException {
    Kept told = new Kept();
    try (Mesh two = mesh("t", "stmgr-2", told)) {
      try (Socket killed = new Socket(InetAddress.getLoopbackAddress(), two.port())) {
        ByteBuf hello = Frames.hello(new Frames.Hello("t", "stmgr-1", "stmgr-2", WINDOW, true));
        send(killed, hello);
        await().atMost(PATIENCE).until(() -> told.events.contains("stmgr-1 raised"));
        // what the kernel says for a killed process that had not read everything
        killed.setSoLinger(true, 0);
      }
      await()
          .atMost(Duration.ofSeconds(Heartbeat.PING_SECONDS))
          .until(() -> told.events.contains("stmgr-1 ended"));
    }
  }

  @Test
  void aPortInUseIsSaidSo() throws IOException {
    try (Mesh one = mesh("t", "stmgr-1", new Kept())) {
      MeshSettings taken =
          new MeshSettings(
              "t",
              "stmgr-2",
              new InetSocketAddress(InetAddress.getLoopbackAddress(), one.port()),
              1024,
              WINDOW,
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              Duration.ofSeconds(1));
      assertThatThrownBy(() -> new Mesh(taken, new Kept()).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(one.port()));
    }
  }
}
