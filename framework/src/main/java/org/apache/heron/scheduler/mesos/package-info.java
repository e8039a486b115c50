/** The classes that users name in YAML to run topologies on Mesos. */
package org.apache.heron.scheduler.mesos;
