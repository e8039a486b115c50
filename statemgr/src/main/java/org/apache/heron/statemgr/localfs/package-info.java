/** Shared state in files of this host. */
package org.apache.heron.statemgr.localfs;
