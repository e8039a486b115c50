package org.apache.heron.scheduler.nomad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nomad behind TLS: whose certificate is believed, and what is said of one that is not. */
class NomadTlsTest extends NomadStory {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final HttpClient client = HttpClient.newHttpClient();
  private HttpsServer server;

  @AfterEach
  void end() {
    if (server != null) {
      server.stop(0);
    }
  }

  /** Makes a key of a server of that name, and its certificate in PEM. */
  private Path certificate(String name, String alternative) throws Exception {
    Path store = directory.resolve(name + ".p12");
    keytool(
        store,
        "-genkeypair",
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-ext",
        "SAN=" + alternative);
    Path pem = directory.resolve(name + ".pem");
    keytool(store, "-exportcert", "-rfc", "-file", pem.toString());
    return pem;
  }

  private static void keytool(Path store, String... more) throws Exception {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    words.addAll(List.of(more));
    words.addAll(List.of("-alias", "nomad", "-storetype", "PKCS12"));
    words.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
    Process process =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).as("keytool").isZero();
  }

  /** Has the stand-in answer behind TLS, with that key. */
  private void listen(String name) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve(name + ".p12"))) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext("/", this::forward);
    server.start();
    values.put("heron.nomad.scheduler.uri", "https://127.0.0.1:" + server.getAddress().getPort());
  }

  private void forward(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(nomad.uri() + exchange.getRequestURI()))
              .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
              .build();
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aTopologyIsSubmittedAndKilledBehindTls() throws Exception {
    values.put("heron.nomad.tls.ca.file", certificate("nomad", "IP:127.0.0.1").toString());
    listen("nomad");
    NomadScheduler scheduler = submitted(plan(1));
    assertThat(scheduler.status().allRunning()).isTrue();
    assertThat(scheduler.jobLinks().get(0)).startsWith("https://127.0.0.1:");
    assertThat(scheduler().onKill().ok()).isTrue();
    assertThat(jobIds()).isEmpty();
  }

  @Test
  void aCertificateThatNobodyVouchesForIsSaidWithTheKey() throws Exception {
    certificate("nomad", "IP:127.0.0.1");
    listen("nomad");
    assertThatThrownBy(() -> scheduler().onKill())
        .hasMessageContaining("its certificate is not signed by a CA that Java knows")
        .hasMessageContaining("heron.nomad.tls.ca.file");
    Path other = certificate("other", "IP:127.0.0.1");
    values.put("heron.nomad.tls.ca.file", other.toString());
    assertThatThrownBy(() -> scheduler().onKill())
        .hasMessageContaining("its certificate is not signed by a CA in " + other);
    assertThat(nomad.requests()).isEmpty();
  }

  @Test
  void aCertificateOfAnotherHostIsSaid() throws Exception {
    values.put("heron.nomad.tls.ca.file", certificate("nomad", "DNS:nomad.example").toString());
    listen("nomad");
    assertThatThrownBy(() -> scheduler().onKill())
        .hasMessageContaining("its certificate is for another host");
    assertThat(nomad.requests()).isEmpty();
  }
}
