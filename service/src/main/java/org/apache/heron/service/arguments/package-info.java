/** The command line of a scheduler process. */
package org.apache.heron.service.arguments;
