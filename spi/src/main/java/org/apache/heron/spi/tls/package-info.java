/** Which servers are believed to be who they say. */
package org.apache.heron.spi.tls;
