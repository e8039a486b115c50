/** Who runs containers, and what a scheduler says of itself. */
package org.apache.heron.spi.scheduler;
