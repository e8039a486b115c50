/** Where topology packages are put for containers to fetch. */
package org.apache.heron.spi.uploader;
