/** How a container is described to Mesos, and the framework itself. */
package org.apache.heron.framework.task;
