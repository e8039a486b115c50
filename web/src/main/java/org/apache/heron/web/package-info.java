/**
 * The one HTTP server of the house: routes with path parameters, bounded bodies, time limits, and
 * long-lived chunked streams. Built on Netty; knows nothing of Heron or Mesos.
 */
package org.apache.heron.web;
