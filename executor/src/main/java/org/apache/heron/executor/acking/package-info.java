/**
 * Tuple trees: which spouts' tuples are still being worked on. A tree is acknowledged when the XOR
 * of the keys of all tuples emitted and all tuples acked in it is zero.
 */
package org.apache.heron.executor.acking;
