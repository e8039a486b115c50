/** What goes wrong, and whether there is a test of it. */
package org.apache.heron.tests.failures;
