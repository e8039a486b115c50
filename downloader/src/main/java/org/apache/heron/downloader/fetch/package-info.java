/** Getting a file from where a URI says. */
package org.apache.heron.downloader.fetch;
