/**
 * Ports to listen on, below the range that systems give to outgoing connections: lone ones from
 * 10000 on, blocks of them from 16000 on, so that neither takes what the other has promised. What a
 * process has of either is marked by a bound socket, which ends with the process at the latest.
 */
package org.apache.heron.minicluster.ports;
