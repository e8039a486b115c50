package org.apache.heron.statemgr.localfs;

import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.heron.spi.statemgr.IStateManager.Watch;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.tree.StateTree;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a file again and again, which also works on shared file systems that report no changes;
 * reads it only when another file has taken its place.
 */
final class FileWatch<M extends Message> implements Watch {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
  private static final long PERIOD_MILLIS = 100;

  private final StateKind<M> kind;
  private final StateFile file;
  private final Consumer<Optional<M>> listener;
  private final ScheduledExecutorService executor;

  // Only touched by the executor's thread.
  private boolean told;
  private byte[] last;
  private List<Object> lastLook;
  private String lastProblem = "";

  private FileWatch(StateKind<M> kind, StateFile file, Consumer<Optional<M>> listener) {
    this.kind = kind;
    this.file = file;
    this.listener = listener;
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "watch " + file.path());
              thread.setDaemon(true);
              return thread;
            });
  }

  static <M extends Message> FileWatch<M> start(
      StateKind<M> kind, StateFile file, Consumer<Optional<M>> listener) {
    FileWatch<M> watch = new FileWatch<>(kind, file, listener);
    watch.executor.scheduleWithFixedDelay(watch::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return watch;
  }

  private void look() {
    try {
      List<Object> look = signature();
      if (told && look.equals(lastLook)) {
        return;
      }
      byte[] data = file.read().orElse(null);
      if (!told || !Arrays.equals(data, last)) {
        tell(data);
      }
      lastLook = look;
      lastProblem = "";
    } catch (IOException | StateException e) {
      // Unreadable is not absent: the listener keeps its last value.
      if (!Objects.equals(lastProblem, e.getMessage())) {
        LOG.warn("cannot read {}: {}; waiting for the next change", file.path(), e.getMessage());
        lastProblem = e.getMessage();
      }
    }
  }

  private List<Object> signature() throws IOException {
    try {
      BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
      return List.of(String.valueOf(now.fileKey()), now.lastModifiedTime(), now.size());
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private void tell(byte[] data) {
    Optional<M> value =
        data == null
            ? Optional.empty()
            : Optional.of(StateTree.parse(kind, data, file.path().toString()));
    told = true;
    last = data;
    try {
      listener.accept(value);
    } catch (RuntimeException e) {
      LOG.error("the listener of {} failed", file.path(), e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
