package org.apache.heron.executor.shell;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.heron.web.WebServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the container or restarts one of its instances. Allowed to who knows the secret, and, as
 * upstream has it, to every caller on this host; except a browser's page of another site.
 */
final class KillRequests {
  private static final Logger LOG = LoggerFactory.getLogger(KillRequests.class);

  private final byte[] secret;
  private final ContainerShell.Control control;

  KillRequests(String secret, ContainerShell.Control control) {
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    this.control = control;
  }

  void addTo(WebServer.Builder server) {
    for (String path : List.of("/killexecutor", "/quitquitquit", "/abortabortabort")) {
      server.route("POST", path, this::kill);
    }
  }

  private void kill(WebRequest request, WebResponse response) {
    Map<String, List<String>> form = request.form();
    boolean trusted = request.isLocal() && request.header("Origin").isEmpty();
    if (!trusted && !knowsSecret(first(form, "secret").orElse(""))) {
      LOG.warn("{} asked to kill without the secret", request.remote());
      throw new HttpError(403, "the secret is missing or wrong; it is the topology's id");
    }
    String instance = first(form, "instance_id_to_restart").orElse("");
    if (instance.isEmpty() || instance.startsWith("heron-executor-")) {
      LOG.warn("{} asked to kill the container", request.remote());
      response.sendText("Killing heron executor");
      control.killContainer();
    } else if (control.restartInstance(instance)) {
      LOG.warn("{} asked to restart {}", request.remote(), instance);
      response.sendText("Restarting " + instance);
    } else {
      throw new HttpError(422, "there is no instance " + instance + " in this container");
    }
  }

  private boolean knowsSecret(String given) {
    return MessageDigest.isEqual(secret, given.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<String> first(Map<String, List<String>> form, String name) {
    return form.getOrDefault(name, List.of()).stream().findFirst();
  }
}
