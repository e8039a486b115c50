package org.apache.heron.executor.shell;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.apache.heron.executor.plane.ContainerCounters;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.WebResponse;
import org.apache.heron.web.WebServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The container's web shell. A Mesos executor that checks its task's health calls 127.0.0.1, so
 * {@code /health} is answered there too where the shell itself listens on another address.
 * Thread-safe.
 */
public final class ContainerShell implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerShell.class);
  private static final String LOOPBACK = "127.0.0.1";

  /** Downloads never take these: a container that answers no health check is killed. */
  private static final int THREADS_FOR_THE_REST = 2;

  private final WebServer server;
  private final Optional<WebServer> onLoopback;

  /** What the shell may ask of its container. Thread-safe. */
  public interface Control {
    /** What the data plane has counted; empty while there is none. */
    Optional<ContainerCounters> counters();

    /** Why the container should be replaced by a new one; empty if it is well. */
    Optional<String> illness();

    /** Ends the container soon; returns at once. */
    void killContainer();

    /** Ends an instance and starts it anew; false if there is none of that id. */
    boolean restartInstance(String instanceId);
  }

  private ContainerShell(WebServer server, Optional<WebServer> onLoopback) {
    this.server = server;
    this.onLoopback = onLoopback;
  }

  /**
   * Serves.
   *
   * @throws IOException if the directory does not exist or the port cannot be bound
   */
  public static ContainerShell start(ShellConfig config, Control control) throws IOException {
    Sandbox sandbox = new Sandbox(config.directory());
    WebServer.Builder server =
        WebServer.builder()
            .name("shell")
            .host(config.bind().getHostAddress())
            .port(config.port())
            .maxBody(64 << 10)
            .threads(FilePages.MOST_DOWNLOADS + THREADS_FOR_THE_REST)
            .route("GET", "/", (request, response) -> frontPage(config, response))
            .route("GET", "/health", (request, response) -> health(control, response))
            .route(
                "GET",
                "/counters",
                (request, response) -> response.sendJson(CountersPage.of(config, control)));
    new FilePages(sandbox).addTo(server);
    new ProcessPages(sandbox, config.container(), control).addTo(server);
    new KillRequests(config.secret(), control).addTo(server);
    WebServer started = server.start();
    return new ContainerShell(started, onLoopback(config.bind(), started.port(), control));
  }

  private static Optional<WebServer> onLoopback(InetAddress bound, int port, Control control) {
    if (bound.isAnyLocalAddress() || bound.getHostAddress().equals(LOOPBACK)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          WebServer.builder()
              .name("shell-health")
              .host(LOOPBACK)
              .port(port)
              .threads(1)
              .route("GET", "/health", (request, response) -> health(control, response))
              .start());
    } catch (IOException e) {
      LOG.warn(
          "/health is not answered on {}:{}, where Mesos looks if heron.mesos.health.check.type is"
              + " http or tcp: {}",
          LOOPBACK,
          port,
          e.getMessage());
      return Optional.empty();
    }
  }

  /** 200 with upstream's text, or 503 with the reason: Mesos' health checks look at the status. */
  private static void health(Control control, WebResponse response) {
    control
        .illness()
        .ifPresentOrElse(
            reason -> {
              throw new HttpError(503, reason);
            },
            () -> response.sendText("ok"));
  }

  private static void frontPage(ShellConfig config, WebResponse response) {
    long pid = ProcessHandle.current().pid();
    String logs = config.directory().relativize(config.logDirectory()).toString();
    String links =
        List.of(
                Html.link("/browse/" + Html.path(logs), "Logs"),
                Html.link("/browse/", "Files"),
                Html.link("/counters", "Counters"),
                Html.link("/jstack/" + pid, "Threads"),
                Html.link("/histo/" + pid, "Heap histogram"),
                Html.link("/pmap/" + pid, "Memory map"))
            .stream()
            .map(link -> "<li>" + link + "</li>")
            .reduce("", String::concat);
    response.sendHtml(
        Html.page(
            "Container " + config.container(),
            "<p>"
                + Html.text(config.directory().toString())
                + ", process "
                + pid
                + "</p><ul>"
                + links
                + "</ul>"));
  }

  /** The port that is listened on. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    onLoopback.ifPresent(WebServer::close);
    server.close();
  }
}
