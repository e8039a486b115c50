/** A directory as a package store. */
package org.apache.heron.uploader.localfs;
