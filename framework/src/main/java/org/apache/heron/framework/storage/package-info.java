/**
 * What the framework scheduler has on record in ZooKeeper, and the one way to write it: a fenced
 * transaction.
 */
package org.apache.heron.framework.storage;
