/** Serves the files of sandboxes over HTTP, and nothing outside of them. */
package org.apache.heron.minicluster.agent.pages;
