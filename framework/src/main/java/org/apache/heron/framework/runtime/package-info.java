/** Brings the world to the core as events, and the core's effects to the world. */
package org.apache.heron.framework.runtime;
