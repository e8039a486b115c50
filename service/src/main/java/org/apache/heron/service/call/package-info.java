/** Calls to a topology's own processes over HTTP. */
package org.apache.heron.service.call;
