package org.apache.heron.minicluster.agent.status;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task's statuses and acknowledgements on disk, in the order in which they came, so that an agent
 * that starts again knows what it still owes. Appended only; an end that was cut off half way is
 * left out when reading. For one thread.
 */
public final class StatusLog {
  private static final Logger LOG = LoggerFactory.getLogger(StatusLog.class);
  private static final int UPDATE = 'U';
  private static final int ACKNOWLEDGEMENT = 'A';

  private final Path file;

  /**
   * @param file to append to; need not exist, its directory must
   */
  public StatusLog(Path file) {
    this.file = file;
  }

  /** Records a status. */
  void update(TaskStatus status) throws IOException {
    append(UPDATE, status);
  }

  /** Records that the framework has the status with that uuid. */
  void acknowledged(ByteString uuid) throws IOException {
    append(ACKNOWLEDGEMENT, TaskStatus.newBuilder(PLACEHOLDER).setUuid(uuid).build());
  }

  /** Required fields that an acknowledgement has no use for. */
  private static final TaskStatus PLACEHOLDER =
      TaskStatus.newBuilder()
          .setTaskId(org.apache.mesos.v1.Protos.TaskID.newBuilder().setValue(""))
          .setState(org.apache.mesos.v1.Protos.TaskState.TASK_STAGING)
          .build();

  private void append(int kind, TaskStatus record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(kind);
    record.writeDelimitedTo(bytes);
    Files.write(file, bytes.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * What is on record.
   *
   * @param all every status, oldest first
   * @param pending those that no acknowledgement is on record for, oldest first
   */
  public record Contents(List<TaskStatus> all, List<TaskStatus> pending) {
    /** Copies the lists. */
    public Contents {
      all = List.copyOf(all);
      pending = List.copyOf(pending);
    }
  }

  /** Reads all; a record that is cut off or damaged ends it, with a warning. */
  public Contents read() throws IOException {
    List<TaskStatus> all = new ArrayList<>();
    List<TaskStatus> pending = new ArrayList<>();
    if (!Files.exists(file)) {
      return new Contents(all, pending);
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      int kind = in.read();
      while (kind >= 0) {
        TaskStatus record = TaskStatus.parseDelimitedFrom(in);
        if (record == null || (kind != UPDATE && kind != ACKNOWLEDGEMENT)) {
          throw new EOFException("no record follows");
        }
        if (kind == UPDATE) {
          all.add(record);
          pending.add(record);
        } else {
          pending.removeIf(status -> status.getUuid().equals(record.getUuid()));
        }
        kind = in.read();
      }
    } catch (com.google.protobuf.InvalidProtocolBufferException | EOFException e) {
      LOG.warn("{} is damaged after {} statuses; the rest is left out", file, all.size(), e);
    }
    return new Contents(all, pending);
  }
}
