/** What a command tells its user while it works. */
package org.apache.heron.client.progress;
