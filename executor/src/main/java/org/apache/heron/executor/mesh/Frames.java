package org.apache.heron.executor.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.apache.heron.executor.acking.AckUpdates;
import org.apache.heron.executor.delivery.Batch;
import org.apache.heron.executor.tuple.WireException;

/**
 * The frames of the mesh: four bytes of length, one byte of kind, content. Numbers are big-endian;
 * inside tuples the tuple codec's rules hold.
 */
final class Frames {

  static final int HELLO = 1;
  static final int WELCOME = 2;
  static final int REJECT = 3;
  static final int TUPLES = 4;
  static final int ACKS = 5;
  static final int PRESSURE = 6;
  static final int CREDIT = 7;
  static final int PING = 8;

  /** Before a connection is welcome its frames must be this small. */
  static final int MAX_GREETING_BYTES = 4096;

  /** Kind, task and counts of a frame of tuples or acks. */
  static final int OVERHEAD_BYTES = 64;

  private static final int MAGIC = 0x48524e4d; // HRNM
  private static final int VERSION = 2;
  private static final int LENGTH_BYTES = 4;

  private Frames() {}

  /**
   * The first frame of a connection.
   *
   * @param windowBytes the window by which the sender will count credit
   * @param pressure whether the sender asks spouts to hold back
   */
  record Hello(String topologyId, String from, String to, int windowBytes, boolean pressure) {}

  private static ByteBuf start(int kind, int contentBytes) {
    return Unpooled.buffer(LENGTH_BYTES + 1 + contentBytes)
        .writeInt(1 + contentBytes)
        .writeByte(kind);
  }

  static ByteBuf hello(Hello hello) {
    byte[] topology = hello.topologyId.getBytes(StandardCharsets.UTF_8);
    byte[] from = hello.from.getBytes(StandardCharsets.UTF_8);
    byte[] to = hello.to.getBytes(StandardCharsets.UTF_8);
    ByteBuf out = start(HELLO, 4 + 2 + 4 + 1 + 6 + topology.length + from.length + to.length);
    out.writeInt(MAGIC).writeShort(VERSION).writeInt(hello.windowBytes);
    out.writeBoolean(hello.pressure);
    for (byte[] text : new byte[][] {topology, from, to}) {
      out.writeShort(text.length).writeBytes(text);
    }
    return out;
  }

  static Hello readHello(ByteBuf in) {
    require(in, 11);
    int magic = in.readInt();
    int version = in.readUnsignedShort();
    if (magic != MAGIC || version != VERSION) {
      throw new WireException(
          String.format("not Heron's mesh, version %d: 0x%08x, %d", VERSION, magic, version));
    }
    int window = in.readInt();
    if (window <= 0) {
      throw new WireException("a window of " + window + " bytes");
    }
    boolean pressure = in.readBoolean();
    return new Hello(readText(in), readText(in), readText(in), window, pressure);
  }

  private static String readText(ByteBuf in) {
    require(in, 2);
    int length = in.readUnsignedShort();
    require(in, length);
    return in.readCharSequence(length, StandardCharsets.UTF_8).toString();
  }

  private static void require(ByteBuf in, int bytes) {
    if (in.readableBytes() < bytes) {
      throw new WireException(
          "frame cut off: " + bytes + " bytes wanted, " + in.readableBytes() + " left");
    }
  }

  /** Says that credit will come with tags. Earlier releases sent no content, and read none. */
  static ByteBuf welcome() {
    return start(WELCOME, 1).writeBoolean(true);
  }

  /** Whether credit will come with tags. */
  static boolean readWelcome(ByteBuf in) {
    return in.isReadable() && in.readBoolean();
  }

  static ByteBuf reject(String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, MAX_GREETING_BYTES / 2);
    return start(REJECT, length).writeBytes(text, 0, length);
  }

  static ByteBuf ping() {
    return start(PING, 0);
  }

  static ByteBuf pressure(boolean raised) {
    return start(PRESSURE, 1).writeBoolean(raised);
  }

  /** The tag is last, where earlier releases do not look. */
  static ByteBuf credit(Address to, int bytes) {
    return start(CREDIT, 12).writeInt(to.task()).writeInt(bytes).writeInt(to.tag());
  }

  /** Writes the header into the room that the batch left for it. No byte is copied. */
  static ByteBuf tuples(int task, int tag, Batch.Encoded batch) {
    ByteBuf out = Unpooled.wrappedBuffer(batch.bytes());
    out.setInt(0, batch.end() - LENGTH_BYTES);
    out.setByte(4, TUPLES);
    out.setInt(5, task);
    out.setInt(9, tag);
    out.setInt(13, batch.sourceTask());
    out.setInt(17, batch.count());
    return out.setIndex(0, batch.end());
  }

  static Batch.Encoded readTuples(ByteBuf in, Batch.Credit credit) {
    require(in, 8);
    int source = in.readInt();
    int count = in.readInt();
    byte[] bytes = new byte[in.readableBytes()];
    in.readBytes(bytes);
    if (count < 0 || count > bytes.length) {
      throw new WireException(count + " tuples in " + bytes.length + " bytes");
    }
    return new Batch.Encoded(bytes, 0, bytes.length, count, source, credit);
  }

  static ByteBuf acks(int task, AckUpdates updates) {
    int content = 12 + updates.ackCount() * 16 + updates.failCount() * 8;
    ByteBuf out = start(ACKS, content).writeInt(task);
    out.writeInt(updates.ackCount()).writeInt(updates.failCount());
    for (int i = 0; i < updates.ackCount(); i++) {
      out.writeLong(updates.ackRoot(i)).writeLong(updates.ackValue(i));
    }
    for (int i = 0; i < updates.failCount(); i++) {
      out.writeLong(updates.failedRoot(i));
    }
    return out;
  }

  static void readAcks(ByteBuf in, AckUpdates into) {
    require(in, 8);
    int acks = in.readInt();
    int fails = in.readInt();
    if (acks < 0 || fails < 0 || in.readableBytes() != acks * 16L + fails * 8L) {
      throw new WireException(
          acks + " acks and " + fails + " failures in " + in.readableBytes() + " bytes");
    }
    for (int i = 0; i < acks; i++) {
      into.ack(in.readLong(), in.readLong());
    }
    for (int i = 0; i < fails; i++) {
      into.fail(in.readLong());
    }
  }
}
