/** Commands to a topology that was submitted before. */
package org.apache.heron.client.runtime;
