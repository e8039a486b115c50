/** What every scheduler owes the command line, whatever it schedules on. */
package org.apache.heron.tests.contract;
