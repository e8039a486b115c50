/** Starts a container's one process: loaders, flags, log files, then the rooms it is made of. */
package org.apache.heron.executor.launch;
