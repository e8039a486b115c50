package org.apache.heron.executor.tuple;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes on their way out: a growing array with a write position. Not thread-safe. */
public final class WireWriter {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes;
  private int position;

  /** An empty writer. */
  public WireWriter(int capacity) {
    bytes = new byte[capacity];
  }

  /** Bytes written so far. */
  public int position() {
    return position;
  }

  /** Forgets what was written after {@code position}. */
  public void reset(int toPosition) {
    position = toPosition;
  }

  /** The array written to: valid from 0 to {@link #position}, until the next write. */
  public byte[] array() {
    return bytes;
  }

  /** Hands the array over to the caller and goes on with a new one of the given capacity. */
  public byte[] detach(int nextCapacity) {
    byte[] full = bytes;
    bytes = new byte[nextCapacity];
    position = 0;
    return full;
  }

  private void ensure(int more) {
    if (bytes.length - position < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(position, more)));
    }
  }

  /** One byte, the low eight bits. */
  public void writeByte(int value) {
    ensure(1);
    bytes[position++] = (byte) value;
  }

  /** One to five bytes; small non-negative numbers are short. */
  public void writeVarInt(int value) {
    ensure(5);
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      bytes[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[position++] = (byte) rest;
  }

  /** One to ten bytes; numbers near zero are short. */
  public void writeZigZag(long value) {
    ensure(10);
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      bytes[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[position++] = (byte) rest;
  }

  /** Eight bytes. */
  public void writeLong(long value) {
    ensure(8);
    LONG.set(bytes, position, value);
    position += 8;
  }

  /** The bytes as they are, without their number. */
  public void writeBytes(byte[] source, int offset, int length) {
    ensure(length);
    System.arraycopy(source, offset, bytes, position, length);
    position += length;
  }

  /** A byte array with its length. */
  public void writeArray(byte[] source) {
    writeVarInt(source.length);
    writeBytes(source, 0, source.length);
  }

  /** A string with its length; true in the lowest bit of it if one byte a character suffices. */
  @SuppressWarnings("deprecation") // String.getBytes(int,int,byte[],int): the one without a copy
  public void writeString(String value) {
    int length = value.length();
    boolean latin = true;
    for (int i = 0; i < length; i++) {
      if (value.charAt(i) > 0xFF) {
        latin = false;
        break;
      }
    }
    if (length > (1 << 29)) {
      throw new IllegalArgumentException("a string of " + length + " characters is too long");
    }
    writeVarInt((length << 1) | (latin ? 1 : 0));
    if (latin) {
      ensure(length);
      value.getBytes(0, length, bytes, position);
      position += length;
    } else {
      // UTF-16 keeps unpaired surrogates as they are, unlike UTF-8
      ensure(length * 2);
      for (int i = 0; i < length; i++) {
        char c = value.charAt(i);
        bytes[position++] = (byte) c;
        bytes[position++] = (byte) (c >> 8);
      }
    }
  }
}
