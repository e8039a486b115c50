/** Tuples: what user code sees of them, and how they look between containers. */
package org.apache.heron.executor.tuple;
