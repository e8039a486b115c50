/**
 * Ports to listen on, below the range that systems give to outgoing connections: lone ones from
 * 10000 on, blocks of them from 12000 on, so that neither takes what the other has promised.
 */
package org.apache.heron.minicluster.ports;
