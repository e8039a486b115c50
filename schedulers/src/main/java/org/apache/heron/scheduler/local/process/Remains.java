package org.apache.heron.scheduler.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.heron.scheduler.local.core.ProcessMark;
import org.apache.heron.spi.process.LivingProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and ends the processes of a container, those included that its first process has started
 * and left behind. They are known by a variable of their environment, which names the container's
 * directory, and by their session. On systems other than Linux only living descendants are found.
 */
public final class Remains {
  /** Holds the container's directory, in the environment of all its processes. */
  static final String VARIABLE = "HERON_SANDBOX";

  private static final Logger LOG = LoggerFactory.getLogger(Remains.class);

  /** Holds the topology's name there. */
  public static final String TOPOLOGY_VARIABLE = "HERON_TOPOLOGY";

  private static final int PASSES = 100;
  private static final long LOOK_MILLIS = 20;

  private Remains() {}

  /**
   * Ends all processes of a container by force, and returns when none is left.
   *
   * @param first the process that was started for it, if that is known
   * @return how many were ended
   */
  public static int end(Path sandbox, Optional<ProcessMark> first) {
    return end(() -> find(sandbox, first));
  }

  /** Ends all processes of all containers whose directories are in this one. */
  public static int endAllIn(Path directory) {
    return end(() -> allIn(directory));
  }

  /** How many processes run of all containers whose directories are in this one. */
  public static int countIn(Path directory) {
    return allIn(directory).size();
  }

  /**
   * The directories that hold those of a topology's containers that run, but not in this one.
   *
   * @param id of its submission; empty if that is not known: then those of its name are its own
   * @param recorded of which submission a directory is; empty if it does not say
   */
  public static Set<Path> elsewhere(
      Path directory, String topology, String id, Function<Path, Optional<String>> recorded) {
    Path here = physical(directory);
    String name = TOPOLOGY_VARIABLE + "=" + topology;
    ProcStrings proc = new ProcStrings();
    Set<Path> found = new TreeSet<>();
    ProcessHandle.allProcesses()
        .filter(LivingProcess::isAlive)
        .map(ProcessHandle::pid)
        .filter(pid -> proc.environment(pid).anyMatch(name::equals))
        .forEach(
            pid ->
                directoryOf(proc.environment(pid))
                    .filter(there -> !there.equals(here))
                    .filter(
                        there ->
                            id.isEmpty()
                                || recorded
                                    .apply(there)
                                    .map(id::equals)
                                    .orElseGet(() -> isToldOf(id, proc.command(pid))))
                    .ifPresent(found::add));
    return found;
  }

  private static Optional<Path> directoryOf(Stream<String> environment) {
    return environment
        .filter(each -> each.startsWith(VARIABLE + "="))
        .findFirst()
        .map(each -> Path.of(each.substring(VARIABLE.length() + 1)))
        .map(Path::getParent);
  }

  /** The executor is told the id of its submission. */
  private static boolean isToldOf(String id, Stream<String> command) {
    return command.anyMatch(word -> word.contains(id));
  }

  /** True if {@link #countIn} finds all of this user's: where the system shows environments. */
  public static boolean canBeTold() {
    return Files.isReadable(Path.of("/proc/self/environ"));
  }

  /**
   * True if {@link #countIn} finds those of a user, too.
   *
   * @param user by number, since a user needs no name where containers have users of any number
   */
  public static boolean canBeToldOf(int user) {
    return canBeTold() && ProcStatus.read().filter(self -> self.sees(user)).isPresent();
  }

  private static Set<ProcessHandle> allIn(Path directory) {
    String prefix = VARIABLE + "=" + physical(directory) + "/";
    ProcStrings proc = new ProcStrings();
    return processes(pid -> proc.environment(pid).anyMatch(each -> each.startsWith(prefix)));
  }

  /**
   * The path without symbolic links, as the kernel tells it to the scheduler that works there,
   * which hands it on to the containers. What of it does not exist any more is left as it is.
   */
  private static Path physical(Path directory) {
    Path there = directory.toAbsolutePath().normalize();
    for (Path known = there; known != null; known = known.getParent()) {
      try {
        return known.toRealPath().resolve(known.relativize(there));
      } catch (IOException e) {
        LOG.debug("{} is not there, or not for this user; looking above it", known);
      }
    }
    return there;
  }

  private interface Search {
    Set<ProcessHandle> run();
  }

  private static int end(Search search) {
    Set<Long> ended = new HashSet<>();
    // Again until none is found: one that is being ended may just have started another.
    for (int pass = 0; pass < PASSES; pass++) {
      Set<ProcessHandle> found = search.run();
      if (found.isEmpty()) {
        return ended.size();
      }
      found.forEach(
          handle -> {
            ended.add(handle.pid());
            handle.destroyForcibly();
          });
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ended.size();
      }
    }
    LOG.warn("processes {} do not end", ended);
    return ended.size();
  }

  /** The living processes of a container. */
  static Set<ProcessHandle> find(Path sandbox, Optional<ProcessMark> first) {
    String variable = VARIABLE + "=" + sandbox;
    // As long as a session has a process, its id is given to no other process.
    Optional<Long> session = first.filter(mark -> !Marks.isReused(mark)).map(ProcessMark::pid);
    ProcStrings proc = new ProcStrings();
    Set<ProcessHandle> found =
        processes(
            pid ->
                session.filter(id -> isInSession(pid, id)).isPresent()
                    || proc.environment(pid).anyMatch(variable::equals));
    first
        .flatMap(Marks::find)
        .ifPresent(
            handle -> {
              found.add(handle);
              handle.descendants().filter(LivingProcess::isAlive).forEach(found::add);
            });
    return found;
  }

  private static boolean isInSession(long pid, long session) {
    return ProcStat.of(pid).filter(stat -> stat.session() == session).isPresent();
  }

  private static Set<ProcessHandle> processes(Predicate<Long> ours) {
    long self = ProcessHandle.current().pid();
    return ProcessHandle.allProcesses()
        .filter(handle -> handle.pid() != self)
        .filter(handle -> ours.test(handle.pid()))
        .filter(LivingProcess::isAlive)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
