/** What ZooKeeper knows of how a topology's scheduler was launched. */
package org.apache.heron.framework.launch;
