package org.apache.heron.executor.instance;

import java.util.List;
import org.apache.heron.executor.delivery.Batch;
import org.apache.heron.executor.delivery.Outlet;
import org.apache.heron.executor.tuple.Roots;
import org.apache.heron.executor.tuple.StreamInfo;
import org.apache.heron.executor.tuple.TupleCodec;
import org.apache.heron.executor.tuple.TupleImpl;
import org.apache.heron.executor.tuple.WireWriter;

/** Tuples of one emitter for one task that were not sent yet. Not thread-safe. */
abstract class OutBuffer {

  private static final int NEAR_TUPLES = 128;
  private static final int FAR_BYTES = 16 * 1024;

  final Outlet outlet;
  final boolean onCycle;
  final int sourceTask;
  int count;

  private OutBuffer(Outlet outlet, boolean onCycle, int sourceTask) {
    this.outlet = outlet;
    this.onCycle = onCycle;
    this.sourceTask = sourceTask;
  }

  static OutBuffer to(
      Outlet outlet, boolean onCycle, int sourceTask, TupleCodec codec, int maxBytes) {
    return outlet.remote()
        ? new Far(outlet, onCycle, sourceTask, codec, maxBytes)
        : new Near(outlet, onCycle, sourceTask);
  }

  /** Adds a tuple; true if it is time to send. */
  abstract boolean add(StreamInfo stream, List<Object> values, Roots roots);

  /** What was added, leaving the buffer empty. */
  abstract Batch take();

  private static final class Near extends OutBuffer {

    private TupleImpl[] tuples = new TupleImpl[4];

    Near(Outlet outlet, boolean onCycle, int sourceTask) {
      super(outlet, onCycle, sourceTask);
    }

    @Override
    boolean add(StreamInfo stream, List<Object> values, Roots roots) {
      if (count == tuples.length) {
        tuples = java.util.Arrays.copyOf(tuples, Math.min(NEAR_TUPLES, count * 4));
      }
      tuples[count++] = new TupleImpl(stream, sourceTask, values, roots);
      return count == NEAR_TUPLES;
    }

    @Override
    Batch take() {
      Batch batch = new Batch.Objects(tuples, count);
      tuples = new TupleImpl[count < NEAR_TUPLES / 2 ? 4 : NEAR_TUPLES];
      count = 0;
      return batch;
    }
  }

  private static final class Far extends OutBuffer {

    private final TupleCodec codec;
    private final int maxBytes;
    private final WireWriter writer = new WireWriter(256);

    Far(Outlet outlet, boolean onCycle, int sourceTask, TupleCodec codec, int maxBytes) {
      super(outlet, onCycle, sourceTask);
      this.codec = codec;
      this.maxBytes = maxBytes;
      writer.reset(Batch.HEADER_BYTES);
    }

    @Override
    boolean add(StreamInfo stream, List<Object> values, Roots roots) {
      int before = writer.position();
      try {
        codec.write(writer, stream, values, roots);
        if (writer.position() - before > maxBytes) {
          throw new IllegalArgumentException(
              String.format(
                  "a tuple of %d bytes on stream %s; at most %d are allowed"
                      + " (heron.streammgr.network.options.maximum.packet.mb)",
                  writer.position() - before, stream.path(), maxBytes));
        }
      } catch (RuntimeException e) {
        // half a tuple must not go out with the next flush
        writer.reset(before);
        throw e;
      }
      count++;
      return writer.position() >= FAR_BYTES;
    }

    @Override
    Batch take() {
      int end = writer.position();
      byte[] bytes = writer.detach(end < FAR_BYTES / 2 ? 512 : FAR_BYTES + 512);
      writer.reset(Batch.HEADER_BYTES);
      Batch batch =
          new Batch.Encoded(bytes, Batch.HEADER_BYTES, end, count, sourceTask, freed -> {});
      count = 0;
      return batch;
    }
  }
}
