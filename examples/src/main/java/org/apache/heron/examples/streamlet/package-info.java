/** Topologies written with the Streamlet API. */
package org.apache.heron.examples.streamlet;
