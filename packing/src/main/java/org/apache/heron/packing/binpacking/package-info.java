/** Packing into as few containers as it takes. */
package org.apache.heron.packing.binpacking;
