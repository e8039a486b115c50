/** The main class of scheduler processes, under the name that upstream gave it. */
package org.apache.heron.scheduler;
