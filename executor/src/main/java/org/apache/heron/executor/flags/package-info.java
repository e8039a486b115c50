/** Reads the executor's command line: upstream's flags, checked before anything is started. */
package org.apache.heron.executor.flags;
