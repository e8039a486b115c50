package org.apache.heron.minicluster.agent.status;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.heron.minicluster.agent.loop.Loop;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each task's statuses one at a time: the next only when the one before is acknowledged; one
 * that is not is sent again after 10 s, then 20 s, 40 s … at most 10 minutes (recording
 * unacknowledged; Mesos' task status update manager). For the loop's thread.
 */
public final class StatusUpdates {
  private static final Logger LOG = LoggerFactory.getLogger(StatusUpdates.class);
  private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  /** What one task may have waiting: a health check that flaps must not fill the memory. */
  private static final int MOST_PENDING = 1_000;

  /** Where statuses go. */
  @FunctionalInterface
  public interface Sender {
    /**
     * @param latest the newest state of the task, which may be later than the status'
     */
    void send(TaskKey task, TaskStatus status, TaskState latest);
  }

  /** What happens to a task whose last status has arrived. */
  @FunctionalInterface
  public interface Completion {
    /** Called once a task, after its terminal status was acknowledged. */
    void completed(TaskKey task);
  }

  private static final class Stream {
    final StatusLog log;
    final Deque<TaskStatus> pending = new ArrayDeque<>();
    TaskState latest;
    boolean terminated;
    Duration wait = FIRST_WAIT;
    Loop.Timer timer = () -> {};

    Stream(StatusLog log) {
      this.log = log;
    }
  }

  private final Loop loop;
  private final Sender sender;
  private final Completion completion;
  private final Map<TaskKey, Stream> streams = new LinkedHashMap<>();
  private boolean paused = true;

  /** Nothing is sent until {@link #resume}. */
  public StatusUpdates(Loop loop, Sender sender, Completion completion) {
    this.loop = loop;
    this.sender = sender;
    this.completion = completion;
  }

  /** Begins a task's stream. */
  public void open(TaskKey task, StatusLog log) {
    streams.put(task, new Stream(log));
  }

  /** Goes on with a stream that an earlier agent began; a completed one is not opened. */
  public void recover(TaskKey task, StatusLog log, StatusLog.Contents contents) {
    Stream stream = new Stream(log);
    stream.pending.addAll(contents.pending());
    for (TaskStatus status : contents.all()) {
      stream.latest = status.getState();
      stream.terminated |= TaskStates.isTerminal(status.getState());
    }
    streams.put(task, stream);
  }

  /**
   * Takes the task's next status, puts it on record, and sends it in its turn. One that comes after
   * the terminal one is dropped.
   *
   * @return false if it was dropped
   */
  public boolean update(TaskKey task, TaskStatus status) {
    Stream stream = streams.get(task);
    boolean terminal = TaskStates.isTerminal(status.getState());
    if (stream == null || stream.terminated) {
      LOG.warn("{} of {} comes after its end and is dropped", status.getState(), task);
      return false;
    }
    if (!terminal && stream.pending.size() >= MOST_PENDING) {
      LOG.warn("{} of {} is dropped: {} wait already", status.getState(), task, MOST_PENDING);
      return false;
    }
    record(() -> stream.log.update(status), task);
    stream.pending.add(status);
    stream.latest = status.getState();
    stream.terminated = terminal;
    if (stream.pending.size() == 1) {
      sendFirst(task, stream);
    }
    return true;
  }

  /**
   * Takes the framework's acknowledgement; one that is not for the status on its way (a repetition)
   * changes nothing.
   *
   * @return true if it was for that
   */
  public boolean acknowledge(TaskKey task, ByteString uuid) {
    Stream stream = streams.get(task);
    if (stream == null
        || stream.pending.isEmpty()
        || !stream.pending.peek().getUuid().equals(uuid)) {
      LOG.debug("an acknowledgement for {} matches no status on its way", task);
      return false;
    }
    record(() -> stream.log.acknowledged(uuid), task);
    TaskStatus acknowledged = stream.pending.poll();
    stream.timer.cancel();
    stream.wait = FIRST_WAIT;
    if (TaskStates.isTerminal(acknowledged.getState())) {
      streams.remove(task);
      completion.completed(task);
    } else if (!stream.pending.isEmpty()) {
      sendFirst(task, stream);
    }
    return true;
  }

  /** The connection to the master is there: what waits is sent at once. */
  public void resume() {
    paused = false;
    streams.forEach(
        (task, stream) -> {
          stream.wait = FIRST_WAIT;
          if (!stream.pending.isEmpty()) {
            sendFirst(task, stream);
          }
        });
  }

  /** A framework has come back: what waits for it is sent at once (recording failover). */
  public void resend(FrameworkID framework) {
    streams.forEach(
        (task, stream) -> {
          if (task.framework().equals(framework) && !stream.pending.isEmpty()) {
            stream.wait = FIRST_WAIT;
            sendFirst(task, stream);
          }
        });
  }

  /** The connection is gone: nothing is sent until {@link #resume}. */
  public void pause() {
    paused = true;
    streams.values().forEach(stream -> stream.timer.cancel());
  }

  /** Forgets a task without waiting for acknowledgements, for its framework is gone. */
  public void close(TaskKey task) {
    Stream stream = streams.remove(task);
    if (stream != null) {
      stream.timer.cancel();
    }
  }

  private void sendFirst(TaskKey task, Stream stream) {
    stream.timer.cancel();
    if (paused) {
      return;
    }
    TaskStatus status = stream.pending.element();
    sender.send(task, status, stream.latest);
    Duration wait = stream.wait;
    Duration doubled = wait.multipliedBy(2);
    stream.wait = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
    stream.timer =
        loop.after(
            wait,
            () -> {
              if (status.equals(stream.pending.peek()) && streams.get(task) == stream) {
                LOG.info("sending {} of {} again", status.getState(), task);
                sendFirst(task, stream);
              }
            });
  }

  private interface Write {
    void run() throws IOException;
  }

  /** A full disk must not silence a task: the framework hears of it, only a restart would not. */
  private static void record(Write write, TaskKey task) {
    try {
      write.run();
    } catch (IOException e) {
      LOG.error("cannot put a status of {} on record", task, e);
    }
  }
}
