/** How batches of tuples get from an emitter to an instance's queue, near or far, with bounds. */
package org.apache.heron.executor.delivery;
