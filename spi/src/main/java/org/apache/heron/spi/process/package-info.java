/** Tells processes of this host apart. */
package org.apache.heron.spi.process;
