package org.apache.heron.spi.packing;

/** A number of bytes. Arithmetic is exact and throws {@link ArithmeticException} on overflow. */
public record ByteAmount(long bytes) implements Comparable<ByteAmount> {
  public static final ByteAmount ZERO = new ByteAmount(0);
  private static final long MIB = 1L << 20;

  public static ByteAmount ofBytes(long bytes) {
    return new ByteAmount(bytes);
  }

  public static ByteAmount ofMegabytes(long megabytes) {
    return new ByteAmount(Math.multiplyExact(megabytes, MIB));
  }

  public static ByteAmount ofGigabytes(long gigabytes) {
    return new ByteAmount(Math.multiplyExact(gigabytes, MIB << 10));
  }

  /** Rounded to the nearest mebibyte, as upstream does. */
  public long megabytes() {
    return Math.round((double) bytes / MIB);
  }

  public ByteAmount plus(ByteAmount other) {
    return new ByteAmount(Math.addExact(bytes, other.bytes));
  }

  public ByteAmount minus(ByteAmount other) {
    return new ByteAmount(Math.subtractExact(bytes, other.bytes));
  }

  public ByteAmount times(long factor) {
    return new ByteAmount(Math.multiplyExact(bytes, factor));
  }

  /** Divided and rounded to the nearest byte. */
  public ByteAmount dividedBy(long divisor) {
    return new ByteAmount(Math.round((double) bytes / divisor));
  }

  @Override
  public int compareTo(ByteAmount other) {
    return Long.compare(bytes, other.bytes);
  }

  /** Upstream's form, for example {@code ByteAmount{1.0 GB (1073741824 bytes)}}. */
  @Override
  public String toString() {
    for (int power = 3; power >= 1; power--) {
      long unit = 1L << (10 * power);
      if (Math.round((double) bytes / unit) > 0) {
        return String.format(
            java.util.Locale.ROOT,
            "ByteAmount{%.1f %s (%d bytes)}",
            (double) bytes / unit,
            switch (power) {
              case 3 -> "GB";
              case 2 -> "MB";
              default -> "KB";
            },
            bytes);
      }
    }
    return "ByteAmount{" + bytes + " bytes}";
  }
}
