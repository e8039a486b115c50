/** What lies in the scheduler's directory: containers' directories and records, the core. */
package org.apache.heron.scheduler.local.sandbox;
