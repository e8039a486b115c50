package org.apache.heron.executor.instance;

import java.util.Arrays;
import org.apache.heron.executor.delivery.Batch;
import org.apache.heron.executor.delivery.Outlet;
import org.apache.heron.executor.tuple.Emission;
import org.apache.heron.executor.tuple.NearTuple;
import org.apache.heron.executor.tuple.Roots;
import org.apache.heron.executor.tuple.StreamInfo;
import org.apache.heron.executor.tuple.WireWriter;

/** Tuples of one emitter for one task that were not sent yet. Not thread-safe. */
abstract class OutBuffer {

  private static final int NEAR_TUPLES = 128;
  private static final int BATCH_BYTES = 16 * 1024;

  final Outlet outlet;
  final boolean onCycle;
  final int sourceTask;
  int count;

  private OutBuffer(Outlet outlet, boolean onCycle, int sourceTask) {
    this.outlet = outlet;
    this.onCycle = onCycle;
    this.sourceTask = sourceTask;
  }

  static OutBuffer to(Outlet outlet, boolean onCycle, int sourceTask, int maxBytes) {
    return outlet.remote()
        ? new Far(outlet, onCycle, sourceTask, maxBytes)
        : new Near(outlet, onCycle, sourceTask);
  }

  /** Whether tuples leave the container. */
  abstract boolean far();

  /** Adds a tuple; true if it is time to send. */
  abstract boolean add(StreamInfo stream, Emission emission, Roots roots);

  /** What was added, leaving the buffer empty. */
  abstract Batch take();

  private static final class Near extends OutBuffer {

    private NearTuple[] tuples = new NearTuple[4];
    private long bytes;

    Near(Outlet outlet, boolean onCycle, int sourceTask) {
      super(outlet, onCycle, sourceTask);
    }

    @Override
    boolean far() {
      return false;
    }

    @Override
    boolean add(StreamInfo stream, Emission emission, Roots roots) {
      if (count == tuples.length) {
        tuples = Arrays.copyOf(tuples, Math.min(NEAR_TUPLES, count * 4));
      }
      tuples[count++] = emission.near(stream, sourceTask, roots);
      bytes += emission.nearBytes();
      return count == NEAR_TUPLES || bytes >= BATCH_BYTES;
    }

    @Override
    Batch take() {
      Batch batch = new Batch.Objects(tuples, count, bytes);
      tuples = new NearTuple[count < NEAR_TUPLES / 2 ? 4 : NEAR_TUPLES];
      bytes = 0;
      count = 0;
      return batch;
    }
  }

  private static final class Far extends OutBuffer {

    private final int maxBytes;
    private final WireWriter writer = new WireWriter(256);

    Far(Outlet outlet, boolean onCycle, int sourceTask, int maxBytes) {
      super(outlet, onCycle, sourceTask);
      this.maxBytes = maxBytes;
      writer.reset(Batch.HEADER_BYTES);
    }

    @Override
    boolean far() {
      return true;
    }

    @Override
    boolean add(StreamInfo stream, Emission emission, Roots roots) {
      int before = writer.position();
      try {
        emission.write(writer, stream, roots);
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
      return writer.position() >= BATCH_BYTES;
    }

    @Override
    Batch take() {
      int end = writer.position();
      byte[] bytes = writer.detach(end < BATCH_BYTES / 2 ? 512 : BATCH_BYTES + 512);
      writer.reset(Batch.HEADER_BYTES);
      Batch batch =
          new Batch.Encoded(bytes, Batch.HEADER_BYTES, end, count, sourceTask, freed -> {});
      count = 0;
      return batch;
    }
  }
}
