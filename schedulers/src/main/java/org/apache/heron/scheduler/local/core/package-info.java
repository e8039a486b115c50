/** Decides what happens to the containers of a topology; does nothing itself. */
package org.apache.heron.scheduler.local.core;
