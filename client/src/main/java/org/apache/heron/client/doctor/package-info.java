/** Looks whether all that a cluster needs is there, and what dead topologies have left. */
package org.apache.heron.client.doctor;
