/** Topologies written with the topology API: spouts, bolts, groupings, acking, hooks, windows. */
package org.apache.heron.examples.api;
