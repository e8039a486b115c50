/**
 * Talks to Mesos: its v1 scheduler HTTP API behind the interfaces of Mesos' own Java library, so
 * that the native driver could stand in.
 */
package org.apache.heron.framework.driver;
