package org.apache.heron.framework.storage;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Cuts a row of writes into transactions that ZooKeeper takes. Pure. */
final class Transactions {
  /** No node is above this (the plan of the house: a node stays well below ZooKeeper's limit). */
  static final int NODE_BYTES = 512 * 1024;

  /** ZooKeeper refuses requests above 1,048,575 bytes (jute.maxbuffer); room for the epoch. */
  static final int TRANSACTION_BYTES = 900 * 1024;

  /** Operation header, ACL, lengths, version: about 60 bytes on the wire. */
  private static final int OVERHEAD_BYTES = 128;

  private Transactions() {}

  /**
   * One write of one node.
   *
   * @param data absent removes the node
   */
  record Write(String path, Optional<ByteString> data) {
    int bytes() {
      return path.getBytes(StandardCharsets.UTF_8).length
          + data.map(ByteString::size).orElse(0)
          + OVERHEAD_BYTES;
    }
  }

  /** Keeps the order; every part but an empty list's holds at least one write. */
  static List<List<Write>> split(List<Write> writes, int maximumBytes) {
    List<List<Write>> parts = new ArrayList<>();
    List<Write> part = new ArrayList<>();
    int bytes = 0;
    for (Write write : writes) {
      if (!part.isEmpty() && bytes + write.bytes() > maximumBytes) {
        parts.add(part);
        part = new ArrayList<>();
        bytes = 0;
      }
      part.add(write);
      bytes += write.bytes();
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }
}
