package org.apache.heron.executor.tuple;

/**
 * A tuple whose values are bytes until its receiver reads them, on its own thread and by its own
 * serializer.
 *
 * @param values shared with other receivers; not to be changed
 * @param roots the spouts' tuples from which it stems, or null
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record EncodedTuple(StreamInfo stream, int sourceTask, byte[] values, Roots roots)
    implements NearTuple {}
