package org.apache.heron.executor.rpc;

/** Is told of what peers do, on an I/O thread; must not block. */
public interface PeerListener {
  /** A message has come; an {@link IllegalArgumentException} ends the connection. */
  void received(Peer peer, Frame frame);

  /** The connection is over, from whichever side. */
  void disconnected(Peer peer);
}
