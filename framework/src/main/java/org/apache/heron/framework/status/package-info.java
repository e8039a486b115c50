/** What the framework says of itself to people and tools. */
package org.apache.heron.framework.status;
