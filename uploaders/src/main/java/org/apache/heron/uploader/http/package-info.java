/** A server that takes packages by POST as a store; the API server is one. */
package org.apache.heron.uploader.http;
