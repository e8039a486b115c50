/** What makes the {@code heron} command start fast. */
package org.apache.heron.cli.startup;
