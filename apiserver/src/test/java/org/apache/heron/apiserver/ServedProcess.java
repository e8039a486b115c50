package org.apache.heron.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The API server's program in a process of its own, over the installation of a test. */
final class ServedProcess implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile(" listens at http://127.0.0.1:(\\d+)\\R");

  private final Process process;
  private final Path output;

  /**
   * Returns when it listens; what is asked of the installation goes to it from then on.
   *
   * @param runner the words of a program that runs it; empty if none does
   */
  ServedProcess(Served served, List<String> runner) throws IOException {
    output = served.root.resolve("server.out");
    List<String> words = new ArrayList<>(runner);
    words.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:-UsePerfData",
            "-Dheron.home=" + served.root.resolve("home"),
            "-cp",
            System.getProperty("java.class.path"),
            ApiServerMain.class.getName(),
            "--cluster=test",
            "--base-template=template",
            "--port=0"));
    process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      await()
          .atMost(Served.PATIENCE)
          .failFast(() -> assertThat(process.isAlive()).as("%s", text()).isTrue())
          .until(() -> ADDRESS.matcher(text()).find());
      Matcher address = ADDRESS.matcher(text());
      assertThat(address.find()).isTrue();
      served.runsAt(Integer.parseInt(address.group(1)));
    } catch (RuntimeException | Error e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** What it has printed so far. */
  String text() throws IOException {
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  /** Somebody types at its terminal. */
  void type(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
