/** Starts a topology's scheduler process on this host, and cleans up after it. */
package org.apache.heron.service.launch;
