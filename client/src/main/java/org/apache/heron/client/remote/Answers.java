package org.apache.heron.client.remote;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.heron.client.ClientException;

/** Tells success from failure. */
final class Answers {
  private Answers() {}

  /**
   * The body of a success.
   *
   * @throws ClientException with the server's message, which is the one that the command itself
   *     would have given
   */
  static JsonNode require(ApiConnection connection, Reply reply) {
    if (reply.status() == 200 || reply.status() == 201) {
      return reply.body();
    }
    String message = reply.message();
    if (reply.status() == 401 || reply.status() == 403) {
      throw new ClientException(
          "The API server at "
              + connection.base()
              + " refuses the command: "
              + (message.isEmpty() ? "HTTP status " + reply.status() : message));
    }
    throw new ClientException(
        message.isEmpty() ? "Unknown error from API server " + reply.status() : message);
  }
}
