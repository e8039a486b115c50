package org.apache.heron.minicluster.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.heron.minicluster.agent.checkpoint.WorkDirectory;
import org.apache.heron.minicluster.agent.fetcher.Fetcher;
import org.apache.heron.minicluster.agent.fetcher.FetcherCache;
import org.apache.heron.minicluster.agent.loop.ThreadLoop;
import org.apache.heron.minicluster.agent.process.Container;
import org.apache.heron.minicluster.protocol.MasterLink;
import org.apache.heron.web.WebServer;
import org.apache.mesos.v1.Protos.AgentID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One life of an agent, from its start to its death: threads, port, cache. Thread-safe. */
final class RunningAgent {
  private static final Logger LOG = LoggerFactory.getLogger(RunningAgent.class);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
  private static final Duration LEAVE_LIMIT = Duration.ofMinutes(2);
  private static final long END_LIMIT_SECONDS = 15;

  private final AgentSettings settings;
  private final WorkDirectory work;
  private final ThreadLoop loop;
  private final Optional<FetcherCache> ownCache;
  private final Fetcher fetcher;
  private final ExecutorService launchers;
  private final ExecutorService workers;
  private final WebServer web;
  private final MasterConnection master;
  private final AgentCore core;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final CompletableFuture<Void> dead = new CompletableFuture<>();
  private final CompletableFuture<Void> sentAway = new CompletableFuture<>();

  RunningAgent(AgentSettings settings, MasterLink link, int port) throws IOException {
    this.settings = settings;
    work = new WorkDirectory(settings.workDirectory());
    ownCache =
        settings.cache().isPresent()
            ? Optional.empty()
            : Optional.of(new FetcherCache(work.root().resolve("fetch"), settings.cacheBytes()));
    fetcher =
        new Fetcher(
            settings.cache().or(() -> ownCache).orElseThrow(),
            settings.fetchStallLimit(),
            settings.clock());
    Optional<AgentID> known = work.agent();
    web = serve(port);
    loop = new ThreadLoop("agent-" + settings.hostname(), settings.clock());
    launchers = Executors.newFixedThreadPool(settings.parallelLaunches(), named("launcher"));
    workers = Executors.newCachedThreadPool(named("worker"));
    master = new MasterConnection(settings, loop, web.port(), link);
    core =
        new AgentCore(
            settings,
            work,
            known,
            loop,
            master,
            new TaskLauncher(settings, fetcher, web.port()),
            launchers,
            workers,
            () -> new Thread(this::endSentAway, "agent-" + settings.hostname() + "-end").start());
    core.start();
  }

  /** On a thread of its own: none of those that it waits for. */
  private void endSentAway() {
    try {
      die(true);
    } finally {
      sentAway.complete(null);
    }
  }

  private WebServer serve(int port) throws IOException {
    try {
      return new AgentPages(settings, work, this::view).serve(port);
    } catch (IOException e) {
      fetcher.close();
      ownCache.ifPresent(FetcherCache::close);
      throw e;
    }
  }

  private java.util.concurrent.ThreadFactory named(String what) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread =
          new Thread(
              task, "agent-" + settings.hostname() + "-" + what + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  int port() {
    return web.port();
  }

  CompletableFuture<Void> sentAway() {
    return sentAway.copy();
  }

  /** True until its death begins. */
  boolean isOpen() {
    return open.get();
  }

  /** True once nothing of it is left: no thread, no port, no file in use. */
  boolean isDead() {
    return dead.isDone();
  }

  Optional<AgentID> id() {
    return core.id();
  }

  void connect(MasterLink link) {
    loop.execute(
        () -> {
          master.change(link);
          core.register();
        });
  }

  void silence(boolean silent) {
    master.silence(silent);
  }

  private AgentView view() {
    return ask(() -> AgentView.of(core, master));
  }

  private <T> T ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            answer.complete(question.get());
          } catch (RuntimeException e) { // it is the asker's
            answer.completeExceptionally(e);
          }
        });
    try {
      return answer.get(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking the agent", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the agent could not answer", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("the agent does not answer", e);
    }
  }

  /** Leaves the master and lets tasks end within their grace periods; returns when it is dead. */
  void shutdown() {
    if (!open.get()) {
      dead.join();
      return;
    }
    id().ifPresent(id -> loop.execute(() -> master.link().unregister(id)));
    loop.execute(core::leave);
    try {
      sentAway.get(LEAVE_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("tasks did not end in {}; they are killed", LEAVE_LIMIT, e);
    }
    die(true);
  }

  /** Leaves the master and kills every task at once; returns when it is dead. */
  void shutdownNow() {
    if (open.get()) {
      id().ifPresent(id -> loop.execute(() -> master.link().unregister(id)));
    }
    die(true);
  }

  /**
   * Ends this life without a word to frameworks. Returns when it is dead, whoever began with that:
   * only then its port and directory are another life's. Not to be called on a thread of its own.
   *
   * @param withTasks whether the tasks die too; if not, those whose framework does not checkpoint
   *     still do, as Mesos' executors then end themselves
   */
  void die(boolean withTasks) {
    if (!open.compareAndSet(true, false)) {
      dead.join();
      return;
    }
    try {
      end(withTasks);
    } finally {
      dead.complete(null);
    }
  }

  private void end(boolean withTasks) {
    List<TaskRun> mortal =
        ask(
            () -> {
              master.stopPings();
              id().ifPresent(id -> master.link().disconnected(id));
              return withTasks ? List.copyOf(core.runs.values()) : core.mortal();
            });
    web.close();
    loop.close();
    launchers.shutdownNow();
    awaitEnd(launchers, "a launch");
    Container.destroyAll(
        mortal.stream()
            .flatMap(run -> Container.recover(run.run.records(), run.run.sandbox()).stream())
            .toList(),
        Duration.ZERO);
    for (TaskRun run : mortal) {
      if (!withTasks) {
        try {
          run.run.complete();
        } catch (IOException e) {
          LOG.warn("{} will be taken for lost by the next agent", run.key, e);
        }
      }
    }
    workers.shutdownNow();
    awaitEnd(workers, "a worker");
    fetcher.close();
    ownCache.ifPresent(FetcherCache::close);
  }

  private static void awaitEnd(ExecutorService threads, String what) {
    try {
      if (!threads.awaitTermination(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("{} does not end", what);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills what an agent that is down has left running in that work directory. */
  static void destroyLeftovers(Path workDirectory) {
    if (!Files.isDirectory(workDirectory)) {
      return;
    }
    try {
      WorkDirectory work = new WorkDirectory(workDirectory);
      Optional<AgentID> id = work.agent();
      if (id.isPresent()) {
        Container.destroyAll(
            work.unfinished(id.get()).stream()
                .map(WorkDirectory.Unfinished::run)
                .flatMap(run -> Container.recover(run.records(), run.sandbox()).stream())
                .toList(),
            Duration.ZERO);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for tasks left in " + workDirectory, e);
    }
  }
}
