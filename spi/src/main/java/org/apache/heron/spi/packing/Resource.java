package org.apache.heron.spi.packing;

/**
 * What an instance or container needs.
 *
 * @param cpu cores
 * @param ram memory
 * @param disk disk space
 */
public record Resource(double cpu, ByteAmount ram, ByteAmount disk) {
  public static final Resource EMPTY = new Resource(0, ByteAmount.ZERO, ByteAmount.ZERO);

  public Resource plus(Resource other) {
    return new Resource(cpu + other.cpu, ram.plus(other.ram), disk.plus(other.disk));
  }

  /** Upstream's form, used by raw dry runs. */
  @Override
  public String toString() {
    return String.format(java.util.Locale.ROOT, "{cpu: %f, ram: %s, disk: %s}", cpu, ram, disk);
  }
}
