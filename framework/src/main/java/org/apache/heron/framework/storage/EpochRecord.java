package org.apache.heron.framework.storage;

import java.time.Instant;
import org.apache.heron.proto.framework.FrameworkRecords;

/**
 * Who may write, and how often it has. Immutable.
 *
 * @param number counts the writers, from 1
 * @param writer a unique id, also in the node's name
 * @param holder who that is, for people: host and process
 * @param sequence counts the writer's transactions, so that one whose answer was lost can be found
 */
record EpochRecord(long number, String writer, String holder, Instant taken, long sequence) {
  EpochRecord next() {
    return new EpochRecord(number, writer, holder, taken, sequence + 1);
  }

  FrameworkRecords.Epoch toProto() {
    return FrameworkRecords.Epoch.newBuilder()
        .setFormat(RecordFormat.CURRENT)
        .setNumber(number)
        .setWriter(writer)
        .setHolder(holder)
        .setTakenMillis(taken.toEpochMilli())
        .setSequence(sequence)
        .build();
  }

  static EpochRecord fromProto(FrameworkRecords.Epoch proto) {
    return new EpochRecord(
        proto.getNumber(),
        proto.getWriter(),
        proto.getHolder(),
        Instant.ofEpochMilli(proto.getTakenMillis()),
        proto.getSequence());
  }
}
