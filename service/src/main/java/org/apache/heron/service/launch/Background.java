package org.apache.heron.service.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Processes that outlive the one that starts them. */
public final class Background {
  /** Another one after each start of the machine. */
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** In ticks; counted from the field after the name, see proc(5). */
  private static final int START_FIELD = 19;

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

  /**
   * True if the process runs. One that has ended, but whose parent has not asked how, does not: in
   * a container whose first process never asks it would seem to live forever.
   */
  public static boolean isAlive(ProcessHandle handle) {
    return handle.isAlive() && !isZombie(handle.pid());
  }

  /**
   * When a process was started, so that it can be told from another one that gets its id later. No
   * change of the clock changes it: on Linux it is counted from the machine's own start.
   */
  public static String birth(ProcessHandle handle) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
      return Files.readString(BOOT_ID).strip() + ":" + fields[START_FIELD];
    } catch (IOException | IndexOutOfBoundsException e) {
      // Another system than Linux, or the process has just gone.
      return handle.info().startInstant().map(Instant::toString).orElse("unknown");
    }
  }

  private static boolean isZombie(long pid) {
    try {
      // proc(5): "pid (name) state …"; the name may hold anything.
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      // No such file: another system than Linux, or the process has just gone.
      return false;
    }
  }
}
