package org.apache.heron.framework.storage;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The few things that the store asks of ZooKeeper. Calls block, at most as long as the client's
 * time limits allow.
 */
interface Nodes {
  /** Creates a persistent node without data, and its parents, unless it is there. */
  void ensure(String path) throws Unavailable;

  /** Reads one node; empty if there is none. */
  Optional<Node> read(String path) throws Unavailable;

  /** The names of a node's children; empty if there is no such node. */
  Optional<List<String>> children(String path) throws Unavailable;

  /** Reads many nodes by path; those that are not there are left out. */
  Map<String, ByteString> readAll(List<String> paths) throws Unavailable;

  /**
   * Makes all changes or none.
   *
   * @throws StorageException.Refused if they can never be made
   */
  Outcome commit(List<Change> changes);

  /** Where this is, for messages. */
  String address();

  /** A node's data and its version. */
  record Node(ByteString data, int version) {}

  /** One change of a transaction. */
  sealed interface Change {
    /** The node that is changed. */
    String path();
  }

  /** Creates a persistent node; a conflict if it is there. */
  record Create(String path, ByteString data) implements Change {}

  /** Replaces data; a conflict if the node is not there or, if given, has another version. */
  record Update(String path, ByteString data, OptionalInt version) implements Change {}

  /** Deletes a node; a conflict if it is not there, has children or, if given, another version. */
  record Delete(String path, OptionalInt version) implements Change {}

  /** What became of a transaction. */
  enum Outcome {
    /** All changes are durable. */
    APPLIED,
    /** None is: a node was not as expected. */
    CONFLICT,
    /** The answer was lost: all or none was, or may yet be, made. */
    UNKNOWN
  }

  /** ZooKeeper does not answer now; it may later. */
  final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
