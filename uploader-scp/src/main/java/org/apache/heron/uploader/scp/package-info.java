/** A directory of another host as a store, reached by ssh. */
package org.apache.heron.uploader.scp;
