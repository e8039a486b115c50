/**
 * The topology manager, which runs in container 0: it knows which containers are there, makes the
 * physical plan, gives it to all of them, and changes the topology's state on request.
 */
package org.apache.heron.executor.tmanager;
