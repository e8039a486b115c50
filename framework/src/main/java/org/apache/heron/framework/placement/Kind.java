package org.apache.heron.framework.placement;

import java.math.BigDecimal;
import java.util.Optional;

/** What agents have and containers need. */
public enum Kind {
  /** Cores. */
  CPUS(0, "cpus", ""),
  /** Mebibytes of memory. */
  MEM(1, "mem", " MB"),
  /** Mebibytes of disk. */
  DISK(2, "disk", " MB"),
  /** Whole graphics processors. */
  GPUS(3, "gpus", ""),
  /** TCP ports. */
  PORTS(4, "ports", "");

  private static final Kind[] ALL = values();

  private final int index;
  private final String mesosName;
  private final String unit;

  Kind(int index, String mesosName, String unit) {
    this.index = index;
    this.mesosName = mesosName;
    this.unit = unit;
  }

  /** The resource's name in Mesos. */
  public String mesosName() {
    return mesosName;
  }

  /** Its place in arrays that have one for each kind. */
  int index() {
    return index;
  }

  /** How many kinds there are. */
  static int count() {
    return ALL.length;
  }

  /** The kind of that name in Mesos; others are not used. */
  static Optional<Kind> of(String mesosName) {
    for (Kind kind : ALL) {
      if (kind.mesosName.equals(mesosName)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** True if Mesos counts it by a number with three decimals, false if by ranges. */
  boolean isScalar() {
    return this != PORTS;
  }

  /** A quantity for people; the number is thousandths, except of ports. */
  public String text(long quantity) {
    return number(quantity) + unit + " " + mesosName;
  }

  /** The same without the kind's name. */
  public String number(long quantity) {
    if (this == PORTS) {
      return Long.toString(quantity);
    }
    String number = BigDecimal.valueOf(quantity, 3).stripTrailingZeros().toPlainString();
    return this == CPUS && !number.contains(".") ? number + ".0" : number;
  }
}
