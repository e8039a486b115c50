package org.apache.heron.executor.rpc;

import com.google.protobuf.Message;

/** The other end of a connection. Thread-safe; sending returns at once and keeps its order. */
public interface Peer {
  /** Its address, for logs. */
  String remote();

  /** Sends a message that wants no response. */
  default void send(Message message) {
    send(RequestId.ONE_WAY, message);
  }

  /** Sends a request, or the response to the request of that id. */
  void send(RequestId id, Message message);

  /** Ends the connection. Idempotent. */
  void close();
}
