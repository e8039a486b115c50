package org.apache.heron.executor.tmanager;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.heron.proto.system.PhysicalPlans.StMgr;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a container's web shell to end the container. */
final class ShellKill {
  private static final Logger LOG = LoggerFactory.getLogger(ShellKill.class);
  private static final int LIMIT_MILLIS = 5_000;

  private ShellKill() {}

  /** Returns at once; that nobody answers is as good as an answer. */
  static void inBackground(StMgr container, String topologyId) {
    Thread thread = new Thread(() -> post(container, topologyId), "kill-" + container.getId());
    thread.setDaemon(true);
    thread.start();
  }

  private static void post(StMgr container, String topologyId) {
    String body = "secret=" + URLEncoder.encode(topologyId, StandardCharsets.UTF_8);
    String request =
        "POST /killexecutor HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(container.getHostName(), container.getShellPort()), LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(64);
      LOG.info(
          "the other {} was asked to end: {}",
          container.getId(),
          new String(answer, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("no answer"));
    } catch (IOException e) {
      LOG.info("the other {} cannot be reached: {}", container.getId(), e.getMessage());
    }
  }
}
