/** The command line of 2016, {@code heron-cli}, translated to today's. */
package org.apache.heron.cli.legacy;
