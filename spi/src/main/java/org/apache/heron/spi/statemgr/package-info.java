/** The state that all processes of a topology share. */
package org.apache.heron.spi.statemgr;
