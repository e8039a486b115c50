/** The Nomad job of each container, as a value. */
package org.apache.heron.scheduler.nomad.job;
