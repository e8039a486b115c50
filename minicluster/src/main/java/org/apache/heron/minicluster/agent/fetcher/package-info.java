/** Brings a task's URIs into its sandbox: download, cache, extract. */
package org.apache.heron.minicluster.agent.fetcher;
