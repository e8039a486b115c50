/** Looks whether a task is healthy, as its framework wants it looked. */
package org.apache.heron.minicluster.agent.health;
