package org.apache.heron.framework.driver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.heron.framework.driver.ScriptedMaster.Exchange;
import org.apache.heron.spi.config.ConfigException;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masters by https, and the files that secrets are in. */
class TlsTest {
  @TempDir Path directory;

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(TlsTest.class.getResource("/tls/" + name).toURI());
  }

  private static ServerSocket listen() throws IOException, GeneralSecurityException {
    char[] password = "changeit".toCharArray();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = TlsTest.class.getResourceAsStream("/tls/master.p12")) {
      keys.load(in, password);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context
        .getServerSocketFactory()
        .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  private static DriverOptions options(ScriptedMaster master, Path caFile) {
    return DriverOptions.of(MasterUri.parse(master.address(), true))
        .withCaFile(caFile)
        .withLimits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofMillis(20),
            Duration.ofMillis(100));
  }

  @Test
  void aMasterWhoseCertificateIsTrustedIsSubscribedWith() throws Exception {
    TestScheduler scheduler = TestScheduler.subscribing();
    try (ScriptedMaster master = ScriptedMaster.on(listen());
        HttpMesos mesos =
            HttpMesos.start(
                scheduler, options(master, resource("master.pem")), new MetricRegistry())) {
      Exchange exchange = master.next();
      exchange.stream("stream-1");
      exchange.emit(HttpMesosTest.subscribed(15));
      assertThat(scheduler.nextEvent().getType()).isEqualTo(Event.Type.SUBSCRIBED);
      assertThat(mesos.status().master()).contains(master.address());
    }
  }

  @Test
  void aMasterWhoseCertificateIsNotTrustedIsNotCalled() throws Exception {
    TestScheduler scheduler = TestScheduler.subscribing();
    try (ScriptedMaster master = ScriptedMaster.on(listen());
        HttpMesos mesos =
            HttpMesos.start(
                scheduler, options(master, resource("other.pem")), new MetricRegistry())) {
      String ca = resource("other.pem").toString();
      HttpMesosTest.await(() -> mesos.status().problem().contains("certificate is not signed by"));
      assertThat(mesos.status().problem())
          .contains(master.address())
          .contains("a CA in " + ca + " (heron.mesos.tls.ca.file)")
          .doesNotContain("\n");
      assertThat(scheduler.hasEvents()).isFalse();
    }
  }

  private static Object trust(Path caFile) {
    return DriverOptions.of(MasterUri.parse("https://127.0.0.1:5050", true))
        .withCaFile(caFile)
        .trust()
        .context();
  }

  @Test
  void aCaFileThatIsNoneIsNamed() throws Exception {
    Path absent = directory.resolve("absent.pem");
    assertThatThrownBy(() -> trust(absent))
        .hasMessage("the CA file " + absent + " (heron.mesos.tls.ca.file) does not exist");
    Path garbage = Files.writeString(directory.resolve("garbage.pem"), "no certificate");
    assertThatThrownBy(() -> trust(garbage))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(garbage.toString());
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    assertThatThrownBy(() -> trust(empty))
        .hasMessageContaining(empty + " (heron.mesos.tls.ca.file) holds no certificate");
  }

  @Test
  void aMasterThatSpeaksNoTlsIsToldFromOneThatIsAway() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> refuseAll(plain), "plain-http-server");
      server.setDaemon(true);
      server.start();
      DriverOptions options =
          HttpMesosTest.options("https://127.0.0.1:" + plain.getLocalPort())
              .withCaFile(resource("master.pem"));
      try (HttpMesos mesos =
          HttpMesos.start(TestScheduler.subscribing(), options, new MetricRegistry())) {
        HttpMesosTest.await(
            () ->
                mesos
                    .status()
                    .problem()
                    .contains("it does not speak TLS, but was called by https"));
      }
    }
  }

  /** Answers as an HTTP server does that is spoken to in TLS. */
  private static void refuseAll(ServerSocket server) {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
          socket.shutdownOutput();
          socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
          if (server.isClosed()) {
            return;
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRedirectToPlainHttpIsNotFollowed() throws Exception {
    TestScheduler scheduler = TestScheduler.subscribing();
    try (ScriptedMaster thief = ScriptedMaster.start();
        ScriptedMaster master = ScriptedMaster.on(listen());
        HttpMesos mesos =
            HttpMesos.start(
                scheduler, options(master, resource("master.pem")), new MetricRegistry())) {
      master.next().redirect("http://" + thief.address() + "/master/api/v1/scheduler");
      HttpMesosTest.await(
          () -> mesos.status().problem().contains("redirects from https to 'http://"));
      assertThat(thief.hasNext()).isFalse();
    }
  }

  @Test
  void aSecretThatEveryoneCanReadIsNoticed() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "s3cret\n");
    Credential credential = new Credential("heron", secret);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(credential.isExposed()).isTrue();
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    assertThat(credential.isExposed()).isFalse();
    assertThat(credential.basic()).isEqualTo("Basic aGVyb246czNjcmV0");
    assertThat(credential.toString()).doesNotContain("s3cret");
    Files.writeString(secret, "\n");
    assertThatThrownBy(credential::basic).hasMessageContaining(secret + " with the secret");
  }
}
