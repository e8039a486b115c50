/**
 * TCP between containers. Each container connects to every other and sends its tuples, acks and
 * back-pressure messages there; credit and heartbeats come back on the same connection. A receiver
 * never stops reading: what it has no room for, senders have no credit to send. So neither acks nor
 * other tasks' tuples wait behind the tuples of a slow bolt.
 */
package org.apache.heron.executor.mesh;
