package org.apache.heron.minicluster.agent.status;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
 * removed when reading. For one thread.
 */
public final class StatusLog {
  private static final Logger LOG = LoggerFactory.getLogger(StatusLog.class);
  private static final int UPDATE = 'U';
  private static final int ACKNOWLEDGEMENT = 'A';

  /** Kind and length, before each record. */
  private static final int HEADER = Byte.BYTES + Integer.BYTES;

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
    byte[] message = record.toByteArray();
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + message.length);
    bytes.put((byte) kind).putInt(message.length).put(message);
    Files.write(file, bytes.array(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
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

  /**
   * Reads all. A record that is cut off or damaged ends it: it is cut off the file with all behind
   * it, with a warning, so that what is appended from now on can be read.
   */
  public Contents read() throws IOException {
    List<TaskStatus> all = new ArrayList<>();
    List<TaskStatus> pending = new ArrayList<>();
    if (!Files.exists(file)) {
      return new Contents(all, pending);
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    int whole = 0;
    try {
      while (bytes.hasRemaining()) {
        int kind = bytes.get();
        int length = bytes.getInt();
        if (length < 0
            || length > bytes.remaining()
            || (kind != UPDATE && kind != ACKNOWLEDGEMENT)) {
          throw new BufferUnderflowException();
        }
        TaskStatus record = TaskStatus.parseFrom(bytes.slice(bytes.position(), length));
        bytes.position(bytes.position() + length);
        if (kind == UPDATE) {
          all.add(record);
          pending.add(record);
        } else {
          pending.removeIf(status -> status.getUuid().equals(record.getUuid()));
        }
        whole = bytes.position();
      }
    } catch (InvalidProtocolBufferException | BufferUnderflowException e) {
      LOG.warn("{} is damaged after {} statuses; the rest is left out", file, all.size(), e);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(whole);
      }
    }
    return new Contents(all, pending);
  }
}
