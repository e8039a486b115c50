/** Runs a topology as a job of Apache Aurora, through its command-line client. */
package org.apache.heron.scheduler.aurora;
