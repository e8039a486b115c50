package org.apache.heron.client.remote;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A whole answer of an API server.
 *
 * @param status HTTP's code
 */
record Reply(int status, JsonNode body) {
  /** What the server says is wrong; empty if it does not say. */
  String message() {
    return body.path("message").asText("");
  }
}
