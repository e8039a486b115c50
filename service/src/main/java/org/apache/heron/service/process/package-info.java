/** The life of a scheduler process, from its arguments to its exit code. */
package org.apache.heron.service.process;
