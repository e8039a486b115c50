package org.apache.heron.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code bin/heron-apiserver} of the built home, in a process of its own. */
final class ApiProcess {
  private static final Pattern ADDRESS = Pattern.compile("listens at (http://\\S+)");

  private final Process process;
  private final String url;

  private ApiProcess(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  static ApiProcess start(Heron heron, String cluster, Path conf, Path directory, String... more)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("sh"));
    words.add(Heron.home().resolve("bin/heron-apiserver").toString());
    words.addAll(List.of("--cluster", cluster, "--config-path", conf.toString(), "--port", "0"));
    words.addAll(List.of(more));
    Path out = directory.resolve("api.out");
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("HOME", heron.userHome().toString());
    builder.environment().put("HERON_APISERVER_MEM_MIN", "64M");
    builder.directory(heron.userHome().toFile());
    builder.redirectErrorStream(true).redirectOutput(out.toFile());
    Process process = builder.start();
    await()
        .atMost(Topology.PATIENCE)
        .until(() -> !process.isAlive() || Files.readString(out).contains("listens at"));
    Matcher address = ADDRESS.matcher(Files.readString(out));
    assertThat(address.find()).as("the server starts: %s", Files.readString(out)).isTrue();
    return new ApiProcess(process, address.group(1));
  }

  String url() {
    return url;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  void end() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(Topology.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }
}
