/** The topology definition that a topology's main writes, and a typed reading of its settings. */
package org.apache.heron.spi.topology;
