/** Classes that the configuration names. */
package org.apache.heron.client.plugin;
