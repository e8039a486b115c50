package org.apache.heron.framework.identity;

/** Mesos' id of an agent. */
public record AgentId(String value) {
  /** What tells agents of one master apart: {@code S3} of {@code 7f2e…-S3}. */
  public String shortForm() {
    return value.substring(value.lastIndexOf('-') + 1);
  }

  @Override
  public String toString() {
    return value;
  }
}
