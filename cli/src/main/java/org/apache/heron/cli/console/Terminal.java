package org.apache.heron.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a person looks at a standard stream. */
public final class Terminal {
  /** Standard output's descriptor. */
  public static final int OUT = 1;

  /** Standard error's descriptor. */
  public static final int ERR = 2;

  private Terminal() {}

  /**
   * True if the stream is a terminal that understands escape sequences. The JDK tells only of input
   * and output together; Linux' descriptors tell of each. False where there are none.
   */
  public static boolean on(int descriptor) {
    String term = System.getenv("TERM");
    if (term == null || term.isEmpty() || term.equals("dumb")) {
      return false;
    }
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }
}
