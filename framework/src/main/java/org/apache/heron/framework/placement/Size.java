package org.apache.heron.framework.placement;

import java.util.Locale;
import org.apache.heron.spi.packing.ByteAmount;
import org.apache.heron.spi.packing.Resource;

/**
 * What one container takes of an agent, in Mesos' own precision.
 *
 * @param milliCpus thousandths of a core; Mesos counts scalars to three decimals
 * @param milliMem thousandths of a mebibyte
 * @param milliDisk thousandths of a mebibyte
 * @param ports how many
 * @param gpus how many, whole ones
 */
public record Size(long milliCpus, long milliMem, long milliDisk, int ports, int gpus) {
  private static final double MIB = 1 << 20;

  public Size {
    if (milliCpus < 0 || milliMem < 0 || milliDisk < 0 || ports < 0 || gpus < 0) {
      throw new IllegalArgumentException("a size below 0");
    }
  }

  /** A size without gpus. */
  public Size(long milliCpus, long milliMem, long milliDisk, int ports) {
    this(milliCpus, milliMem, milliDisk, ports, 0);
  }

  /** The size of a packing plan's resource; fractions are rounded up, whole mebibytes as a unit. */
  public static Size of(Resource resource, int ports) {
    return new Size(
        (long) Math.ceil(resource.cpu() * 1000 - 1e-6),
        megabytes(resource.ram()) * 1000,
        megabytes(resource.disk()) * 1000,
        ports);
  }

  private static long megabytes(ByteAmount amount) {
    return (long) Math.ceil(amount.bytes() / MIB);
  }

  /** This size with so many gpus. */
  public Size withGpus(int count) {
    return new Size(milliCpus, milliMem, milliDisk, ports, count);
  }

  /** How much of a kind it takes, in thousandths (ports: whole). */
  public long of(Kind kind) {
    return switch (kind) {
      case CPUS -> milliCpus;
      case MEM -> milliMem;
      case DISK -> milliDisk;
      case GPUS -> gpus * 1000L;
      case PORTS -> ports;
    };
  }

  /** Cores. */
  public double cpus() {
    return milliCpus / 1000.0;
  }

  /** Mebibytes of memory. */
  public double memMb() {
    return milliMem / 1000.0;
  }

  /** Mebibytes of disk. */
  public double diskMb() {
    return milliDisk / 1000.0;
  }

  @Override
  public String toString() {
    String text =
        String.format(
            Locale.ROOT,
            "%s cpus, %s MB mem, %s MB disk, %d ports",
            cpus(),
            memMb(),
            diskMb(),
            ports);
    return gpus == 0 ? text : text + ", " + gpus + " gpus";
  }
}
