/** Packing that deals instances to containers in turn. */
package org.apache.heron.packing.roundrobin;
