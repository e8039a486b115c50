package org.apache.heron.minicluster.agent;

import java.io.IOException;
import java.util.function.Supplier;
import org.apache.heron.minicluster.agent.checkpoint.WorkDirectory;
import org.apache.heron.web.WebServer;

/** What an agent answers over HTTP. Thread-safe. */
final class AgentPages {
  private final AgentSettings settings;
  private final WorkDirectory work;
  private final Supplier<AgentView> view;

  AgentPages(AgentSettings settings, WorkDirectory work, Supplier<AgentView> view) {
    this.settings = settings;
    this.work = work;
    this.view = view;
  }

  /** Binds the port; 0 takes a free one. */
  WebServer serve(int port) throws IOException {
    return WebServer.builder()
        .name("agent-http-" + settings.hostname())
        .host(settings.bindAddress())
        .port(port)
        .route("GET", "/health", (request, response) -> response.sendEmpty())
        .route(
            "GET",
            "/state",
            (request, response) ->
                response.sendJson(
                    java.util.Map.of(
                        "id", view.get().info().getId().getValue(),
                        "work_dir", work.root().toString())))
        .start();
  }
}
