package org.apache.heron.framework.placement;

/** What agents have and containers need. */
public enum Kind {
  /** Cores. */
  CPUS("cpus", ""),
  /** Mebibytes of memory. */
  MEM("mem", " MB"),
  /** Mebibytes of disk. */
  DISK("disk", " MB"),
  /** TCP ports. */
  PORTS("ports", "");

  private final String mesosName;
  private final String unit;

  Kind(String mesosName, String unit) {
    this.mesosName = mesosName;
    this.unit = unit;
  }

  /** The resource's name in Mesos. */
  public String mesosName() {
    return mesosName;
  }

  /** A quantity for people; the number is thousandths, except of ports. */
  String text(long quantity) {
    if (this == PORTS) {
      return quantity + " ports";
    }
    String number = java.math.BigDecimal.valueOf(quantity, 3).stripTrailingZeros().toPlainString();
    String withDecimal = this == CPUS && !number.contains(".") ? number + ".0" : number;
    return withDecimal + unit + " " + mesosName;
  }
}
