package org.apache.heron.spi.topology;

/** A topology definition that cannot be used; the message is one line for the topology's author. */
public final class TopologyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TopologyException(String message) {
    super(message);
  }

  public TopologyException(String message, Throwable cause) {
    super(message, cause);
  }
}
