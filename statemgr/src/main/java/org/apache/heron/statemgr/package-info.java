/** Opens the state manager that the configuration names. */
package org.apache.heron.statemgr;
