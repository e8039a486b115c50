/** Opening a package that may be anybody's, and putting what is in it into its place. */
package org.apache.heron.downloader.unpack;
