package org.apache.heron.framework.identity;

/** Mesos' id of an offer. */
public record OfferId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
