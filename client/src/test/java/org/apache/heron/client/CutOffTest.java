package org.apache.heron.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that are told to end while they wait for somebody who does not answer. */
class CutOffTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern LENGTH = Pattern.compile("content-length: *(\\d+)");

  @TempDir Path directory;

  /** What the command waits for. */
  enum Phase {
    /** The first bytes of a topology file that is given as a URL. */
    DOWNLOAD,
    /** The end of the topology's main. */
    MAIN,
    /** That it may send a body, or the answer to what has none. */
    SENDING,
    /** The answer to what it has sent whole. */
    ANSWER
  }

  @ParameterizedTest
  @CsvSource({
    "remote-submit, DOWNLOAD",
    "remote-submit, MAIN",
    "remote-submit, SENDING",
    "remote-submit, ANSWER",
    "remote-plan, MAIN",
    "remote-plan, ANSWER",
    "submit, DOWNLOAD",
    "submit, MAIN",
    "plan, DOWNLOAD",
    "plan, MAIN",
    "doctor, SENDING",
  })
  void aCommandThatIsToldToEndDoesAndLeavesNoFile(String command, Phase phase) throws Exception {
    Path files = Files.createDirectory(directory.resolve("tmp"));
    Path said = directory.resolve("said");
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout((int) PATIENCE.toMillis());
      Process process = start(words(command, phase, server.getLocalPort()), files, said);
      List<ProcessHandle> all = new ArrayList<>();
      try (Socket kept = phase == Phase.MAIN ? new Socket() : server.accept()) {
        reach(phase, kept, said);
        assertThat(files).as("it is at work").isNotEmptyDirectory();
        all.addAll(process.descendants().toList());
        // SIGTERM, which the JVM takes as it takes Ctrl-C, but no shell's background ignores.
        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(files).isEmptyDirectory();
        assertThat(Files.readString(said)).doesNotContain("gave up", "\tat ");
        for (ProcessHandle main : all) {
          main.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
      } finally {
        all.forEach(ProcessHandle::destroyForcibly);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    }
  }

  private List<String> words(String command, Phase phase, int port) throws IOException {
    TestHome home = new TestHome(directory);
    String url = "http://127.0.0.1:" + port;
    List<String> words = new ArrayList<>(List.of(command, directory.toString(), url));
    words.add(phase == Phase.DOWNLOAD ? url + "/words.jar" : home.jar().toString());
    words.addAll(
        phase == Phase.MAIN
            ? List.of("say", "hang")
            : List.of(home.definition("words", 1).toString()));
    return words;
  }

  private static Process start(List<String> words, Path files, Path said) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + files,
                "-cp",
                System.getProperty("java.class.path"),
                CutOffMain.class.getName()));
    command.addAll(words);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();
  }

  private static void reach(Phase phase, Socket connection, Path said) throws IOException {
    switch (phase) {
      case MAIN -> await().atMost(PATIENCE).until(() -> Files.readString(said).contains("said, "));
      case DOWNLOAD, SENDING -> head(connection);
      case ANSWER -> {
        Matcher length = LENGTH.matcher(head(connection).toLowerCase(Locale.ROOT));
        assertThat(length.find()).isTrue();
        connection
            .getOutputStream()
            .write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        connection.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
      }
    }
  }

  private static String head(Socket connection) throws IOException {
    connection.setSoTimeout((int) PATIENCE.toMillis());
    InputStream in = connection.getInputStream();
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("before the end of '%s'", text).isNotNegative();
      text.append((char) next);
    }
    return text.toString();
  }
}
