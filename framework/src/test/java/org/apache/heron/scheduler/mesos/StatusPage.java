package org.apache.heron.scheduler.mesos;

import java.io.IOException;
import org.apache.heron.web.WebServer;

/** Answers as the HTTP server of a topology's scheduler process does. */
final class StatusPage implements AutoCloseable {
  private final WebServer server;

  StatusPage(String topologyId) throws IOException {
    server =
        WebServer.builder()
            .name("status")
            .host("127.0.0.1")
            .port(0)
            .route(
                "GET",
                "/api/v1/status",
                (request, response) ->
                    response.sendText(
                        "{\"topology\":\"words\",\"topologyId\":\"" + topologyId + "\"}"))
            .start();
  }

  String endpoint() {
    return "127.0.0.1:" + server.port();
  }

  @Override
  public void close() {
    server.close();
  }
}
