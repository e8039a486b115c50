package org.apache.heron.executor.mesh;

import java.util.function.Consumer;
import org.apache.heron.executor.acking.AckUpdates;
import org.apache.heron.executor.delivery.Batch;

/** What comes in from other containers. Called on the mesh's thread; must not block. */
public interface MeshReceiver {

  /**
   * Tuples for a task.
   *
   * @param tag of the instance that the sender's plan has for this task
   */
  void tuples(int task, int tag, Batch.Encoded batch);

  /** Acks and failures for a spout's trees; to be used up before returning. */
  void acks(int spoutTask, AckUpdates updates);

  /** A container has connected; what earlier connections of that name have asked is of the past. */
  void greeted(Object connection, String stmgrId);

  /**
   * A container asks spouts to hold back, or does not any more.
   *
   * @param connection distinguishes a container from its predecessor of the same name
   */
  void pressure(Object connection, String stmgrId, boolean raised);

  /** Whether this container asks spouts to hold back: a new connection begins with that. */
  boolean underPressure();

  /** Passes on whether it asks, in order with changes of that. */
  void tellPressure(Consumer<Boolean> listener);

  /** A peer can be reached. */
  void peerConnected(String stmgrId);

  /** A peer cannot be reached. */
  void peerUnreachable(String stmgrId, String reason);
}
