/** From a topology file to its definitions: the topology's main, run in a process of its own. */
package org.apache.heron.client.definition;
