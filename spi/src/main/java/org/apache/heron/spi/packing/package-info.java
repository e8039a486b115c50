/** Plans of which instance runs in which container, and who makes them. */
package org.apache.heron.spi.packing;
