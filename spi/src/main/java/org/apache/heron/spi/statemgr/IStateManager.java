package org.apache.heron.spi.statemgr;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.heron.spi.config.Config;

/**
 * Shared state of all topologies. Named by {@code heron.class.state.manager}; created by reflection
 * with a no-argument constructor. Thread-safe after {@link #initialize}.
 *
 * <p>Every method blocks for a bounded time and throws {@link StateException} when the store cannot
 * be reached or holds bytes that are not the message: absence is never an error, an error never
 * looks like absence.
 */
public interface IStateManager extends AutoCloseable {
  /** The most bytes that one message may have to be written; known before {@link #initialize}. */
  default int mostBytes() {
    return Integer.MAX_VALUE;
  }

  /** Connects, and creates the tree unless configured otherwise. */
  void initialize(Config config);

  /**
   * Where this manager reaches its store, in the words of its connection string, for who keeps
   * something else there: other places than those configured where tunnels lead there, which end
   * with this manager. Empty: as configured.
   */
  default Optional<String> reachedAt() {
    return Optional.empty();
  }

  /** The message of that topology, empty if there is none. */
  <M extends Message> Optional<M> get(StateKind<M> kind, String topology);

  /** Writes the message if there is none yet; false if there is. */
  <M extends Message> boolean create(StateKind<M> kind, String topology, M message);

  /**
   * Writes the message, replacing what is there in one step: a reader sees the old or the new. An
   * ephemeral node is owned by this manager afterwards, and created anew after a lost session until
   * it is deleted or this manager is closed.
   */
  <M extends Message> void put(StateKind<M> kind, String topology, M message);

  /** Removes the node; false if there was none. */
  boolean delete(StateKind<?> kind, String topology);

  /** True if the node exists. */
  boolean exists(StateKind<?> kind, String topology);

  /** The topologies that have a node of this kind, sorted. */
  List<String> list(StateKind<?> kind);

  /**
   * Calls the listener with the present value at once and with every later one (empty when the node
   * is gone), one call at a time, until the watch is closed. Values between two calls may be
   * skipped; the last one never is. Survives lost connections and sessions.
   */
  <M extends Message> Watch watch(
      StateKind<M> kind, String topology, Consumer<Optional<M>> listener);

  /** Takes the lock {@code <topology>__<name>}, waiting at most so long; empty if it is held. */
  Optional<Lock> lock(String topology, String name, Duration wait);

  /** The topologies of which there are lock nodes, held or not, sorted. */
  default List<String> lockedTopologies() {
    return List.of();
  }

  /** Removes all lock nodes of the topology, held or not. */
  void deleteLocks(String topology);

  /**
   * Removes the lock nodes of the topology but for those of one lock, which the caller holds: with
   * them would go the place of whoever waits for it. Its own node goes when it is closed.
   */
  default void deleteLocksBut(String topology, String name) {}

  /**
   * The directories that {@link #initialize} would have created, had it been told to; none where
   * there is nothing to create.
   */
  default List<String> missingDirectories() {
    return List.of();
  }

  @Override
  void close();

  /** A watch that can be ended. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /** A lock that is held until closed or until its holder's process is gone. */
  interface Lock extends AutoCloseable {
    @Override
    void close();
  }
}
