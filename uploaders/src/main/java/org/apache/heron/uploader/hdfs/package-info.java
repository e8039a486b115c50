/** Hadoop's file system as a store, by Hadoop's own client. */
package org.apache.heron.uploader.hdfs;
