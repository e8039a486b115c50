package org.apache.heron.minicluster.wire;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.protocol.MasterLink;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master in another process, for one agent. While there is no line to it, what the agent says is
 * dropped; the agent is asked to register again, ever later (at most every two seconds), until a
 * master hears it. Thread-safe.
 */
public final class RemoteMaster implements MasterLink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteMaster.class);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final long FIRST_WAIT_MILLIS = 100;
  private static final int MOST_DOUBLINGS = 4;

  private final URI uri;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "agent-line-timer");
            thread.setDaemon(true);
            return thread;
          });
  private Optional<MasterStream> current = Optional.empty();
  private int failures;
  private boolean closed;

  /**
   * @param address {@code host:port} of the master
   */
  public RemoteMaster(String address) {
    uri = URI.create("http://" + address + MasterCalls.PATH);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public synchronized void register(
      AgentInfo agent,
      List<Resource> total,
      AgentLink link,
      List<FrameworkInfo> frameworks,
      List<RunningTask> tasks) {
    if (closed) {
      return;
    }
    Optional<MasterStream> before = current;
    MasterStream stream =
        new MasterStream(
            client,
            uri,
            new MasterCalls.Registration(agent, total, frameworks, tasks),
            link,
            new MasterStream.Listener() {
              @Override
              public void answered(MasterStream answered) {
                // Not before: a master that sees an agent's only stream end takes it for dead.
                before.ifPresent(MasterStream::abandon);
                hears();
              }

              @Override
              public void ended(MasterStream ended, String why) {
                before.ifPresent(MasterStream::abandon);
                lost(ended, why, link);
              }
            });
    current = Optional.of(stream);
    stream.start();
  }

  private synchronized void hears() {
    failures = 0;
  }

  private synchronized void lost(MasterStream stream, String why, AgentLink agent) {
    if (closed || !current.equals(Optional.of(stream))) {
      return;
    }
    long most = FIRST_WAIT_MILLIS << Math.min(failures++, MOST_DOUBLINGS);
    long wait = ThreadLocalRandom.current().nextLong(most / 2, most + 1);
    LOG.info("{}; the agent registers again in {} ms", why, wait);
    timer.schedule(agent::registerAgain, wait, TimeUnit.MILLISECONDS);
  }

  private synchronized void say(Consumer<MasterCalls.Writer> what) {
    current.ifPresent(stream -> what.accept(new MasterCalls.Writer(stream::say)));
  }

  /** Whatever else is said tells as well that the agent lives. */
  @Override
  public synchronized void ping(AgentID agent) {
    if (current.filter(MasterStream::isIdle).isPresent()) {
      say(master -> master.ping(agent));
    }
  }

  @Override
  public void statusUpdate(
      AgentID agent, FrameworkID framework, TaskStatus status, TaskState latest) {
    say(master -> master.statusUpdate(agent, framework, status, latest));
  }

  @Override
  public void executorExited(
      AgentID agent, FrameworkID framework, ExecutorID executor, int waitStatus) {
    say(master -> master.executorExited(agent, framework, executor, waitStatus));
  }

  @Override
  public void unregister(AgentID agent) {
    say(master -> master.unregister(agent));
  }

  /** The end of the stream says it, after what has been said before. */
  @Override
  public void disconnected(AgentID agent) {
    close();
  }

  /** Says what is still to be said, at most five seconds long, and ends the line. Idempotent. */
  @Override
  public void close() {
    Optional<MasterStream> last;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      last = current;
      current = Optional.empty();
    }
    timer.shutdownNow();
    last.ifPresent(stream -> stream.finish(LAST_WORDS));
  }
}
