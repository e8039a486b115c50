/** How many instances each component has, in the order in which packing goes through them. */
package org.apache.heron.packing.parallelism;
