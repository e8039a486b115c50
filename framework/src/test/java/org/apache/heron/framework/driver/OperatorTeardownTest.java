package org.apache.heron.framework.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.WebServer;
import org.apache.mesos.v1.master.Protos.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a framework is ended that cannot subscribe, and what is said when it is not. */
class OperatorTeardownTest {
  @TempDir private Path directory;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final List<String> credentials = new CopyOnWriteArrayList<>();

  /** A master that answers who leads, and TEARDOWN with that status and text. */
  private WebServer master(int status, String text) throws IOException {
    return WebServer.builder()
        .name("master")
        .host("127.0.0.1")
        .port(0)
        .route(
            "POST",
            "/api/v1",
            (request, response) -> {
              Call call = Call.parseFrom(request.body());
              calls.add(call);
              request.header("Authorization").ifPresent(credentials::add);
              if (call.getType() == Call.Type.TEARDOWN && status != 200) {
                throw new HttpError(status, text);
              }
              response.status(200).send("application/x-protobuf", new byte[0]);
            })
        .start();
  }

  private DriverOptions options(int port) {
    return DriverOptions.of(MasterUri.parse("127.0.0.1:" + port, false));
  }

  @Test
  void aFrameworkIsEndedByItsIdAndWithTheCredentials() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "s3cret");
    try (WebServer master = master(200, "")) {
      new OperatorTeardown(options(master.port()).withCredential(new Credential("ada", secret)))
          .tearDown("f-1");
    }
    assertThat(calls).extracting(Call::getType).endsWith(Call.Type.TEARDOWN);
    assertThat(calls.get(1).getTeardown().getFrameworkId().getValue()).isEqualTo("f-1");
    assertThat(credentials).hasSize(2).allMatch(header -> header.startsWith("Basic "));
  }

  @ParameterizedTest
  @CsvSource({
    "400, No framework found with specified ID, false",
    "401, wants credentials, true",
    "403, teardown_frameworks, true",
    "503, 503, false"
  })
  void whatTheMasterDoesNotDoIsSaid(int status, String words, boolean unauthorized)
      throws Exception {
    try (WebServer master = master(status, "No framework found with specified ID")) {
      assertThatThrownBy(() -> new OperatorTeardown(options(master.port())).tearDown("f-1"))
          .isInstanceOfSatisfying(
              MasterQuestions.Unanswered.class,
              e -> assertThat(e.unauthorized()).isEqualTo(unauthorized))
          .hasMessageContaining("127.0.0.1:" + master.port())
          .hasMessageContaining(words);
    }
  }

  @Test
  void aMasterThatIsNotThereIsNamed() throws Exception {
    // Bound, so that nobody else listens there.
    try (Socket bound = new Socket()) {
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertThatThrownBy(() -> new OperatorTeardown(options(bound.getLocalPort())).tearDown("f-1"))
          .isInstanceOf(MasterQuestions.Unanswered.class)
          .hasMessageContaining("127.0.0.1:" + bound.getLocalPort());
    }
  }
}
