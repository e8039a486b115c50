package org.apache.heron.minicluster.json;

/** A body that is no JSON, or not the message asked for; the text is the one that Mesos answers. */
public final class MesosJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  MesosJsonException(String message) {
    super(message);
  }
}
