/** Has commands carried out by an API server, and tells what it tells. */
package org.apache.heron.client.remote;
