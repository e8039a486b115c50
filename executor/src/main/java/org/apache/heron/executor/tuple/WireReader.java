package org.apache.heron.executor.tuple;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what a {@link WireWriter} wrote. Every length is checked. Not thread-safe. */
public final class WireReader {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int position;
  private int end;

  /** Reads the array from {@code offset} to {@code end}. */
  public WireReader(byte[] bytes, int offset, int end) {
    reset(bytes, offset, end);
  }

  /** Goes on with another array. */
  public void reset(byte[] source, int offset, int toEnd) {
    bytes = source;
    position = offset;
    end = toEnd;
  }

  /** Bytes left. */
  public int remaining() {
    return end - position;
  }

  /** Where the next byte will be read from the array. */
  public int position() {
    return position;
  }

  private void require(int length) {
    if (length < 0 || length > end - position) {
      throw new WireException(
          "message cut off: " + length + " bytes wanted, " + (end - position) + " left");
    }
  }

  /** One byte, 0 to 255. */
  public int readByte() {
    require(1);
    return bytes[position++] & 0xFF;
  }

  /** What {@link WireWriter#writeVarInt} wrote. */
  public int readVarInt() {
    int result = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int b = readByte();
      result |= (b & 0x7F) << shift;
      if (b < 0x80) {
        return result;
      }
    }
    throw new WireException("a number of more than five bytes");
  }

  /** A count or length: not negative, and not more than the bytes left. */
  public int readLength() {
    int length = readVarInt();
    require(length);
    return length;
  }

  /** What {@link WireWriter#writeZigZag} wrote. */
  public long readZigZag() {
    long result = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int b = readByte();
      result |= (b & 0x7FL) << shift;
      if (b < 0x80) {
        return (result >>> 1) ^ -(result & 1);
      }
    }
    throw new WireException("a number of more than ten bytes");
  }

  /** Eight bytes. */
  public long readLong() {
    require(8);
    long value = (long) LONG.get(bytes, position);
    position += 8;
    return value;
  }

  /** What {@link WireWriter#writeArray} wrote. */
  public byte[] readArray() {
    int length = readLength();
    byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return copy;
  }

  /** What {@link WireWriter#writeString} wrote. */
  public String readString() {
    int header = readVarInt();
    int length = header >>> 1;
    if ((header & 1) == 1) {
      require(length);
      String value = new String(bytes, position, length, StandardCharsets.ISO_8859_1);
      position += length;
      return value;
    }
    require(Math.multiplyExact(length, 2));
    char[] chars = new char[length];
    for (int i = 0; i < length; i++) {
      chars[i] = (char) ((bytes[position] & 0xFF) | (bytes[position + 1] & 0xFF) << 8);
      position += 2;
    }
    return new String(chars);
  }
}
