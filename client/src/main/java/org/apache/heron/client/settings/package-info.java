/** Where a command finds its configuration, and for whom it works. */
package org.apache.heron.client.settings;
