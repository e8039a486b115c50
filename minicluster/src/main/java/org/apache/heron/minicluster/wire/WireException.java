package org.apache.heron.minicluster.wire;

import java.io.IOException;

/** What came over the line is no call that is known; the message says what is wrong with it. */
public final class WireException extends IOException {
  private static final long serialVersionUID = 1L;

  WireException(String message) {
    super(message);
  }

  WireException(String message, Throwable cause) {
    super(message, cause);
  }
}
