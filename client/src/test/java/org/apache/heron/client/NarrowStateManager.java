package org.apache.heron.client;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;
import org.apache.heron.statemgr.localfs.LocalFileSystemStateManager;

/** Shared state in files, whose nodes take little. */
public final class NarrowStateManager implements IStateManager {
  private static volatile int mostBytes = Integer.MAX_VALUE;

  private final IStateManager files = new LocalFileSystemStateManager();

  /** For reflection. */
  public NarrowStateManager() {}

  static void takes(int bytes) {
    mostBytes = bytes;
  }

  @Override
  public int mostBytes() {
    return mostBytes;
  }

  @Override
  public void initialize(Config config) {
    files.initialize(config);
  }

  @Override
  public <M extends Message> Optional<M> get(StateKind<M> kind, String topology) {
    return files.get(kind, topology);
  }

  @Override
  public <M extends Message> boolean create(StateKind<M> kind, String topology, M message) {
    return files.create(kind, topology, message);
  }

  @Override
  public <M extends Message> void put(StateKind<M> kind, String topology, M message) {
    files.put(kind, topology, message);
  }

  @Override
  public boolean delete(StateKind<?> kind, String topology) {
    return files.delete(kind, topology);
  }

  @Override
  public boolean exists(StateKind<?> kind, String topology) {
    return files.exists(kind, topology);
  }

  @Override
  public List<String> list(StateKind<?> kind) {
    return files.list(kind);
  }

  @Override
  public <M extends Message> Watch watch(
      StateKind<M> kind, String topology, Consumer<Optional<M>> listener) {
    return files.watch(kind, topology, listener);
  }

  @Override
  public Optional<Lock> lock(String topology, String name, Duration wait) {
    return files.lock(topology, name, wait);
  }

  @Override
  public void deleteLocks(String topology) {
    files.deleteLocks(topology);
  }

  @Override
  public void deleteLocksBut(String topology, String name) {
    files.deleteLocksBut(topology, name);
  }

  @Override
  public void close() {
    files.close();
  }
}
