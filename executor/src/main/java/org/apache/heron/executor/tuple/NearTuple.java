package org.apache.heron.executor.tuple;

/** A tuple as it waits for a receiver in the same container. */
public sealed interface NearTuple permits TupleImpl, EncodedTuple {}
