package org.apache.heron.framework.identity;

/** Mesos' id of an agent. */
public record AgentId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
