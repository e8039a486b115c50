/** Ways through ssh to what cannot be reached directly. */
package org.apache.heron.statemgr.tunnel;
