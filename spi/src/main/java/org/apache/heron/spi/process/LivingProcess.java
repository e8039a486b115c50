package org.apache.heron.spi.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Processes that are known by their id and their birth, since ids are given anew. Who writes both
 * down finds that very process again, or learns that it has ended.
 */
public final class LivingProcess {
  private static final Path PROC = Path.of("/proc");

  /** Another one after each start of the machine. */
  private static final Path BOOT_ID = PROC.resolve("sys/kernel/random/boot_id");

  /** In ticks; counted from the field after the name, see proc(5). */
  private static final int START_FIELD = 19;

  private LivingProcess() {}

  /**
   * When a process was started, as one word. No change of the clock changes it: on Linux it is
   * counted from the machine's own start, and holds which start that was. (The time of day that the
   * JDK tells is counted from the start as well, and is another one after a step of the clock.)
   */
  public static String birth(ProcessHandle handle) {
    try {
      String stat = stat(handle.pid());
      String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
      return bootId() + ":" + fields[START_FIELD];
    } catch (IOException | IndexOutOfBoundsException e) {
      // Another system than Linux, or the process has just gone.
      return handle.info().startInstant().map(Instant::toString).orElse("unknown");
    }
  }

  /**
   * The process, if it lives.
   *
   * @param birth as {@link #birth} gave it, or as earlier versions have written it: a time of day,
   *     as text or in milliseconds since the epoch
   */
  public static Optional<ProcessHandle> find(long pid, String birth) {
    return ProcessHandle.of(pid)
        .filter(LivingProcess::isAlive)
        .filter(handle -> birth.equals(birth(handle)) || isTimeOfBirth(handle, birth));
  }

  private static boolean isTimeOfBirth(ProcessHandle handle, String birth) {
    return handle
        .info()
        .startInstant()
        .filter(
            start ->
                birth.equals(start.toString()) || birth.equals(Long.toString(start.toEpochMilli())))
        .isPresent();
  }

  /**
   * True if the process runs. One that has ended, but whose parent has not asked how, does not: in
   * a container whose first process never asks it would seem to live forever.
   */
  public static boolean isAlive(ProcessHandle handle) {
    return handle.isAlive() && !isZombie(handle.pid());
  }

  private static boolean isZombie(long pid) {
    try {
      // proc(5): "pid (name) state …"; the name may hold anything.
      String stat = stat(pid);
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      // No such file: another system than Linux, or the process has just gone.
      return false;
    }
  }

  /**
   * Where process ids mean the same as they do to us, as one word: this machine since its start,
   * and in it this container. Empty if the system does not say.
   */
  public static Optional<String> place() {
    try {
      // namespaces(7): "pid:[4026531836]".
      Path namespace = Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
      return Optional.of(bootId() + "/" + namespace);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private static String bootId() throws IOException {
    return Files.readString(BOOT_ID).strip();
  }

  private static String stat(long pid) throws IOException {
    return Files.readString(PROC.resolve(pid + "/stat"));
  }
}
