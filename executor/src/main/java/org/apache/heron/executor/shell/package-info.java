/**
 * The container's web shell: what the command line, the web page and people ask a container, at
 * upstream's paths.
 */
package org.apache.heron.executor.shell;
