package org.apache.heron.minicluster.agent.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task's processes: a small executor (a shell in a session of its own, which waits for the
 * command and leaves its exit status on disk, so that it survives the agent) and, as its child and
 * in a second session, the command. Thread-safe.
 */
public final class Container {
  private static final Logger LOG = LoggerFactory.getLogger(Container.class);
  private static final Duration DESTROY_LIMIT = Duration.ofSeconds(10);

  /** In which an executor comes to start its command, be the machine ever so busy. */
  private static final Duration START_LIMIT = Duration.ofMinutes(1);

  private static final Duration SCAN_INTERVAL = Duration.ofMillis(10);

  private static final String EXIT = "exit";
  private static final String REMARKS = "remarks";
  private static final String COMMAND_PID = "command.pid";
  private static final String EXECUTOR_PID = "forked.pid";

  /** What the executor must read before it begins. */
  private static final String GO = "go\n";

  /**
   * The executor. It begins when the agent has put its process id on record and says so: one whose
   * agent dies before that ends, for nobody would know of it (Mesos' launcher holds its child back
   * in the same way). Its own standard error goes to a file, for a shell names there the signal
   * that ended its child; the child keeps the task's.
   */
  private static final String EXECUTOR =
      """
      runtime=$1; shift
      read -r go && test "$go" = go || exit 1
      exec </dev/null
      exec 3>&2 2>"$runtime/remarks"
      ( exec 2>&3 3>&-; exec /bin/sh -c 'echo $$ >"$0"; exec "$@"' "$runtime/command.pid" "$@" )
      status=$?
      echo "$status" >"$runtime/exit"
      exit "$status"
      """;

  private final ProcessId executor;
  private final Path runtime;
  private final String mark;
  private final Set<ProcessId> known = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> exited = new CompletableFuture<>();

  private Container(ProcessId executor, Path runtime, Path sandbox) {
    this.executor = executor;
    this.runtime = runtime;
    this.mark = Launch.MARK + "=" + sandbox;
  }

  /**
   * Starts the processes.
   *
   * @throws IOException if a file cannot be written or the executor cannot be started; nothing runs
   *     then
   */
  public static Container start(Launch launch) throws IOException {
    prepareOutput(launch.sandbox());
    if (launch.user().isPresent()) {
      launch.user().get().own(launch.sandbox());
    }
    Process process = spawn(launch);
    ProcessId id = ProcessId.of(process.pid()).orElse(new ProcessId(process.pid(), 0));
    Container container = new Container(id, launch.runtime(), launch.sandbox());
    try {
      Path pidFile = launch.runtime().resolve(EXECUTOR_PID);
      Path unfinished = launch.runtime().resolve(EXECUTOR_PID + ".new");
      Files.writeString(unfinished, id.text());
      Files.move(unfinished, pidFile, StandardCopyOption.ATOMIC_MOVE);
      begin(process);
    } catch (IOException e) {
      container.destroy(Duration.ZERO);
      throw e;
    }
    process.onExit().thenRun(() -> container.exited.complete(null));
    return container;
  }

  /**
   * Starts the executor, which waits to be told to begin and ends if nobody can tell it any more.
   */
  static Process spawn(Launch launch) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(commandLine(launch))
            .directory(launch.sandbox().toFile())
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(launch.sandbox().resolve("stdout").toFile()))
            .redirectError(
                ProcessBuilder.Redirect.appendTo(launch.sandbox().resolve("stderr").toFile()));
    builder.environment().clear();
    builder.environment().putAll(launch.environment());
    builder.environment().put(Launch.MARK, launch.sandbox().toString());
    return builder.start();
  }

  private static void begin(Process executor) {
    try (OutputStream input = executor.getOutputStream()) {
      input.write(GO.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      LOG.debug("executor {} was killed before it began", executor.pid(), e);
    }
  }

  /**
   * Makes the files for a task's output, which are there even if it is never started (recording
   * file-and-http-uris).
   *
   * @throws IOException if they cannot be made, or lead elsewhere
   */
  public static void prepareOutput(Path sandbox) throws IOException {
    for (String name : List.of("stdout", "stderr")) {
      Path file = sandbox.resolve(name);
      if (Files.isSymbolicLink(file)) {
        throw new IOException(file + " is a symbolic link; it must be a file of the sandbox");
      }
      Files.write(file, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }

  private static List<String> commandLine(Launch launch) {
    Optional<Path> setsid = Programs.find("setsid");
    List<String> line = new ArrayList<>();
    setsid.ifPresent(program -> line.add(program.toString()));
    line.addAll(List.of("/bin/sh", "-c", EXECUTOR, "executor", launch.runtime().toString()));
    setsid.ifPresent(program -> line.add(program.toString()));
    launch.user().ifPresent(user -> line.addAll(asUser(user)));
    line.addAll(launch.command());
    return line;
  }

  /** The words that, put before a command, run it as that user. */
  static List<String> asUser(TaskUser user) {
    Optional<Path> setpriv = Programs.find("setpriv");
    if (setpriv.isPresent()) {
      return List.of(
          setpriv.get().toString(),
          "--reuid=" + user.uid(),
          "--regid=" + user.gid(),
          "--init-groups");
    }
    return List.of("runuser", "-u", user.name(), "--");
  }

  /**
   * Finds the container that an earlier agent started.
   *
   * @return empty if none was started there
   */
  public static Optional<Container> recover(Path runtime, Path sandbox) {
    Optional<ProcessId> executor = read(runtime, EXECUTOR_PID).flatMap(ProcessId::parse);
    return executor.map(id -> new Container(id, runtime, sandbox));
  }

  /** The executor's process id. */
  public long executorPid() {
    return executor.pid();
  }

  /** True while the executor lives. */
  public boolean isAlive() {
    return executor.isAlive();
  }

  /** True unless the executor ended before it came to start the command. */
  public boolean hasBegun() {
    return isAlive() || Files.exists(runtime.resolve(COMMAND_PID)) || exitStatus().isPresent();
  }

  /**
   * Completes when the executor has ended. A container that was recovered completes only if {@link
   * #poll} is called.
   */
  public CompletableFuture<Void> exited() {
    return exited;
  }

  /** Looks whether the executor of a recovered container has ended. */
  public void poll() {
    if (!executor.isAlive()) {
      exited.complete(null);
    }
  }

  /** How the command ended; empty while it runs, or if its executor was killed before it. */
  public Optional<ExitStatus> exitStatus() {
    return read(runtime, EXIT)
        .flatMap(status -> ExitStatus.of(status, read(runtime, REMARKS).orElse("")));
  }

  /**
   * Asks the command and all that it started to end; the executor stays, to tell how. Waits for a
   * command that is about to start, unless the thread is interrupted.
   */
  public void terminate() {
    signalOnceBegun(false);
  }

  private void signalOnceBegun(boolean forcibly) {
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    while (!signalCommand(forcibly) && isAlive()) {
      if (Thread.currentThread().isInterrupted()) {
        return; // the agent ends; the next one finds on record what was to be done
      }
      if (System.nanoTime() - limit > 0) {
        LOG.error("executor {} has run no command for {}", executor.pid(), START_LIMIT);
        return;
      }
      // The executor has not come to start the command yet.
      LockSupport.parkNanos(SCAN_INTERVAL.toNanos());
    }
  }

  private boolean signalCommand(boolean forcibly) {
    boolean any = false;
    for (ProcessRow row : members()) {
      if (row.pid() != executor.pid()) {
        signal(row, forcibly);
        any = true;
      }
    }
    return any;
  }

  /** As {@link #terminate}, but kills. */
  public void kill() {
    signalOnceBegun(true);
  }

  /**
   * Kills everything, the executor too, and waits until it is gone.
   *
   * @param patience how long what remains may take to end by itself first
   */
  public void destroy(Duration patience) {
    destroyAll(List.of(this), patience);
  }

  /** As {@link #destroy}, for many at once: the process table is read once for all. */
  public static void destroyAll(Collection<Container> containers, Duration patience) {
    long gentle = System.nanoTime() + patience.toNanos();
    long limit = gentle + DESTROY_LIMIT.toNanos();
    List<ProcessRow> left = membersOf(containers);
    while (!left.isEmpty() && System.nanoTime() < limit) {
      if (System.nanoTime() >= gentle) {
        left.forEach(row -> signal(row, true));
      }
      LockSupport.parkNanos(SCAN_INTERVAL.toNanos());
      left = membersOf(containers);
    }
    if (!left.isEmpty()) {
      LOG.error("processes {} do not die", left);
    }
  }

  private static List<ProcessRow> membersOf(Collection<Container> containers) {
    if (containers.isEmpty()) {
      return List.of();
    }
    List<ProcessRow> table = ProcessTable.read();
    BiPredicate<Long, String> environments = ProcessTable.environments();
    List<ProcessRow> members = new ArrayList<>();
    containers.forEach(each -> members.addAll(each.members(table, environments)));
    return members;
  }

  private List<ProcessRow> members() {
    return members(ProcessTable.read(), ProcessTable.environments());
  }

  private List<ProcessRow> members(List<ProcessRow> table, BiPredicate<Long, String> environments) {
    long command =
        read(runtime, COMMAND_PID)
            .map(String::trim)
            .filter(text -> text.matches("[0-9]{1,18}"))
            .map(Long::parseLong)
            .orElse(0L);
    List<ProcessRow> members =
        ProcessTree.members(table, executor, command, known, mark, environments);
    members.forEach(row -> known.add(new ProcessId(row.pid(), row.start())));
    if (known.size() > members.size()) {
      // A task may start processes for days; of those that have ended nothing remains to be known.
      Set<ProcessId> seen = new HashSet<>();
      members.forEach(row -> seen.add(new ProcessId(row.pid(), row.start())));
      known.removeIf(id -> !seen.contains(id) && !id.isAlive());
    }
    return members;
  }

  private static void signal(ProcessRow row, boolean forcibly) {
    Optional<ProcessHandle> handle = ProcessHandle.of(row.pid());
    if (handle.isEmpty() || handle.get().pid() == ProcessHandle.current().pid()) {
      return;
    }
    if (forcibly) {
      handle.get().destroyForcibly();
    } else {
      handle.get().destroy();
    }
  }

  /** How many processes are remembered. */
  int remembered() {
    return known.size();
  }

  /** Processor time and memory of all its processes. */
  public Usage usage() {
    double user = 0;
    double system = 0;
    long resident = 0;
    for (ProcessRow row : members()) {
      Optional<double[]> seconds = ProcessTable.cpuSeconds(row.pid());
      user += seconds.map(values -> values[0]).orElse(0.0);
      system += seconds.map(values -> values[1]).orElse(0.0);
      resident += ProcessTable.residentBytes(row.pid());
    }
    return new Usage(user, system, resident);
  }

  /**
   * What a container uses.
   *
   * @param userSeconds processor time in user mode, of the processes that live
   * @param systemSeconds processor time in the kernel
   * @param residentBytes memory, shared pages counted for each process
   */
  public record Usage(double userSeconds, double systemSeconds, long residentBytes) {}

  private static Optional<String> read(Path runtime, String name) {
    Path file = runtime.resolve(name);
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          ? Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1))
          : Optional.empty();
    } catch (IOException e) {
      LOG.warn("cannot read {}", file, e);
      return Optional.empty();
    }
  }
}
