/** How a container's process is called. */
package org.apache.heron.spi.executor;
