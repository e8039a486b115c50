/** Which tasks a tuple goes to. */
package org.apache.heron.executor.grouping;
