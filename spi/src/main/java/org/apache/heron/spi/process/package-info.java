/** Tells processes of this host apart, starts those that live on, and ends this one in order. */
package org.apache.heron.spi.process;
