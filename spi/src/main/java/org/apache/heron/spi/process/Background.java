package org.apache.heron.spi.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Processes that outlive the one that starts them. */
public final class Background {
  private Background() {}

  /**
   * What comes before the words of a command that neither a closed terminal nor Ctrl-C in it is to
   * reach. The process that is started becomes the command, so that it has its process id.
   */
  public static List<String> prefix() {
    for (String program : List.of("/usr/bin/setsid", "/bin/setsid")) {
      if (Files.isExecutable(Path.of(program))) {
        return List.of(program);
      }
    }
    // A JVM leaves signals ignored that were ignored when it started.
    return List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$@\"", "sh");
  }
}
