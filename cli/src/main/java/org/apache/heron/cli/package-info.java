/** The {@code heron} command: its entry, and the list of what it can do. */
package org.apache.heron.cli;
