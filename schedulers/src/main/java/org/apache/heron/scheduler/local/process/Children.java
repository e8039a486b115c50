package org.apache.heron.scheduler.local.process;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.heron.scheduler.local.core.Event;
import org.apache.heron.scheduler.local.core.ProcessMark;
import org.apache.heron.spi.process.Background;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The containers' processes: starts them so that they outlive the scheduler, and tells when they
 * begin to answer, when they are not well and when they have ended. Thread-safe.
 */
public final class Children implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Children.class);
  private static final long LOOK_MILLIS = 100;
  private static final int CONNECT_MILLIS = 500;

  private final Consumer<Event> listener;
  private final Map<Integer, Child> watched = new ConcurrentHashMap<>();
  private final ScheduledExecutorService watching =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "local-children");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<InetAddress> addresses = addresses();
  private final HealthWatch health;

  /**
   * A process that is watched.
   *
   * @param port at which it answers, sooner or later
   * @param outputFrom where its own output begins
   * @param ours present if it is this process' child
   */
  private record Child(
      int id,
      int attempt,
      ProcessMark mark,
      Path sandbox,
      int port,
      Output output,
      long outputFrom,
      Optional<Process> ours,
      boolean answered) {
    Child withAnswer() {
      return new Child(id, attempt, mark, sandbox, port, output, outputFrom, ours, true);
    }
  }

  /**
   * @param listener told from threads of this object
   */
  public Children(HealthCheck check, Consumer<Event> listener) {
    this.listener = listener;
    health = new HealthWatch(check, addresses, listener);
    watching.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Starts a process for a container, and watches it.
   *
   * @param port at which it will answer
   * @throws IOException if it cannot be started
   */
  public ProcessMark start(int id, int attempt, Job job, int port) throws IOException {
    Output output = new Output(job.sandbox().resolve(job.output()));
    output.turnOver();
    long from = output.length();
    List<String> words = new ArrayList<>(Background.prefix());
    words.addAll(List.of("/bin/sh", "-c", "exec " + job.command()));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(job.sandbox().toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.file().toFile()));
    builder.environment().putAll(job.environment());
    builder.environment().put(Remains.VARIABLE, job.sandbox().toString());
    Process process = builder.start();
    ProcessMark mark = Marks.of(process.toHandle());
    watch(
        new Child(
            id, attempt, mark, job.sandbox(), port, output, from, Optional.of(process), false));
    return mark;
  }

  /** Watches a process that an earlier scheduler has started. */
  public void adopt(int id, int attempt, ProcessMark mark, Path sandbox, String output, int port) {
    Output file = new Output(sandbox.resolve(output));
    watch(
        new Child(id, attempt, mark, sandbox, port, file, file.length(), Optional.empty(), false));
  }

  private void watch(Child child) {
    watched.put(child.id(), child);
    health.begin(child.id(), child.attempt(), child.port());
    child
        .ours()
        .ifPresent(process -> process.onExit().thenRun(() -> submit(() -> lookAt(child.id()))));
  }

  private void submit(Runnable task) {
    try {
      watching.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("a process has ended after its watch");
    }
  }

  private void look() {
    for (int id : watched.keySet()) {
      try {
        lookAt(id);
      } catch (RuntimeException e) { // the thread's edge: the next look tries again
        LOG.warn("cannot look after the process of container {}", id, e);
      }
    }
  }

  private void lookAt(int id) {
    Child child = watched.get(id);
    if (child == null) {
      return;
    }
    boolean ended =
        child.ours().map(process -> !process.isAlive()).orElseGet(() -> !isAlive(child));
    if (ended) {
      ended(child);
    } else if (!child.answered() && answers(child.port())) {
      watched.replace(id, child, child.withAnswer());
      listener.accept(new Event.Answered(id, child.attempt()));
    }
  }

  private static boolean isAlive(Child child) {
    return Marks.isAlive(child.mark());
  }

  private void ended(Child child) {
    // Said only when nothing of it is left, so that the next one finds its ports and files free.
    int left = Remains.end(child.sandbox(), Optional.of(child.mark()));
    if (left > 0) {
      LOG.info("{} processes that container {} left behind were ended", left, child.id());
    }
    watched.remove(child.id(), child);
    health.end(child.id(), child.attempt());
    OptionalInt exit =
        child.ours().map(each -> OptionalInt.of(each.exitValue())).orElse(OptionalInt.empty());
    Ending ending = Ending.of(exit, child.output().lines(child.outputFrom()));
    listener.accept(
        new Event.Ended(child.id(), child.attempt(), ending.reason(), ending.portTaken()));
  }

  private boolean answers(int port) {
    for (InetAddress address : addresses) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
        return true;
      } catch (IOException e) {
        // Nobody listens there yet, or not at this address.
      }
    }
    return false;
  }

  // An executor listens on loopback or at this host's own address.
  private static Set<InetAddress> addresses() {
    Set<InetAddress> addresses = new LinkedHashSet<>();
    addresses.add(InetAddress.getLoopbackAddress());
    try {
      addresses.add(InetAddress.getLocalHost());
    } catch (UnknownHostException e) {
      LOG.debug("this host does not know its own name: {}", e.getMessage());
    }
    return addresses;
  }

  /** Asks a process to end. */
  public static void terminate(ProcessMark mark) {
    Marks.find(mark).ifPresent(ProcessHandle::destroy);
  }

  /** Ends the watch; the processes run on. */
  @Override
  public void close() {
    health.close();
    watching.shutdownNow();
    try {
      if (!watching.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("the watch over the containers' processes does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
