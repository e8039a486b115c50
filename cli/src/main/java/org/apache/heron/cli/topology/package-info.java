/** Commands about topologies. */
package org.apache.heron.cli.topology;
