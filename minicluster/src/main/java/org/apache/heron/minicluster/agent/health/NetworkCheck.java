package org.apache.heron.minicluster.agent.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.mesos.v1.Protos.HealthCheck.HTTPCheckInfo;
import org.apache.mesos.v1.Protos.HealthCheck.TCPCheckInfo;

/** The checks that knock at a task's port on this machine. Thread-safe; they block. */
public final class NetworkCheck {
  private static final int FIRST_GOOD = 200;
  private static final int FIRST_BAD = 400;

  private final String address;
  private final HttpClient client;

  /**
   * @param address the IP address that tasks listen on
   */
  public NetworkCheck(String address) {
    this.address = address;
    this.client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
  }

  /** True if a GET is answered with a status from 200 to 399. */
  public boolean http(HTTPCheckInfo check, Duration limit)
      throws IOException, InterruptedException {
    String scheme = check.hasScheme() ? check.getScheme() : "http";
    String path = check.getPath().startsWith("/") ? check.getPath() : "/" + check.getPath();
    URI uri = URI.create(scheme + "://" + address + ":" + check.getPort() + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(limit).GET().build();
    int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    return status >= FIRST_GOOD && status < FIRST_BAD;
  }

  /** True if the port takes a connection. */
  public boolean tcp(TCPCheckInfo check, Duration limit) throws IOException {
    try (Socket socket = new Socket()) {
      int millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, limit.toMillis()));
      socket.connect(new InetSocketAddress(address, check.getPort()), millis);
      return true;
    }
  }
}
