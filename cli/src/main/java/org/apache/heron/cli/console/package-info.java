/** Lines for people on standard error, results on standard output. */
package org.apache.heron.cli.console;
