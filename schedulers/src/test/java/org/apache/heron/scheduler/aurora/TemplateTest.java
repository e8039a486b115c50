package org.apache.heron.scheduler.aurora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.heron.spi.executor.ExecutorPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped {@code conf/aurora/heron.aurora}. */
class TemplateTest {
  private static final Path TEMPLATE = Job.CONF.resolve("aurora/heron.aurora");
  private static final Pattern BIND = Pattern.compile("\\{\\{([A-Z_0-9]+)}}");

  @TempDir Path directory;

  @Test
  void everyBindIsUsedAndNoneIsMissing() throws IOException {
    Matcher found = BIND.matcher(Files.readString(TEMPLATE));
    Set<String> used = new TreeSet<>();
    while (found.find()) {
      if (!found.group(1).equals("NAME")) { // the comment about them
        used.add(found.group(1));
      }
    }
    assertThat(used)
        .isEqualTo(
            Arrays.stream(AuroraField.values())
                .map(AuroraField::name)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** What can be seen without Python: brackets and quotes close, no tab indents. */
  @Test
  void itsBracketsAndQuotesClose() throws IOException {
    Deque<Character> open = new ArrayDeque<>();
    Map<Character, Character> pairs = Map.of(')', '(', ']', '[', '}', '{');
    int number = 0;
    for (String line : Files.readAllLines(TEMPLATE)) {
      number++;
      char quote = 0;
      for (int i = 0; i < line.length(); i++) {
        char c = line.charAt(i);
        assertThat(c).as("line %d", number).isNotEqualTo('\t');
        if (quote != 0) {
          quote = c == quote ? 0 : quote;
        } else if (c == '#') {
          break;
        } else if (c == '\'' || c == '"') {
          quote = c;
        } else if (pairs.containsValue(c)) {
          open.push(c);
        } else if (pairs.containsKey(c)) {
          assertThat(open.poll()).as("line %d", number).isEqualTo(pairs.get(c));
        }
      }
      assertThat((int) quote).as("quote of line %d", number).isZero();
    }
    assertThat(open).isEmpty();
  }

  @Test
  void itIsPythonThatDescribesOneJob() throws Exception {
    JsonNode jobs = read();

    assertThat(jobs).hasSize(1);
    JsonNode job = jobs.get(0);
    assertThat(job.path("service").asBoolean()).isTrue();
    assertThat(job.path("instances").asText()).isEqualTo("{{NUM_CONTAINERS}}");
    assertThat(job.at("/announce/primary_port").asText()).isEqualTo("http");
    assertThat(job.at("/announce/portmap/health").asText()).isEqualTo("http");
    assertThat(job.at("/health_check_config/health_checker/http/endpoint").asText())
        .isEqualTo("/health");
    assertThat(job.at("/health_check_config/interval_secs").asInt()).isEqualTo(10);
    assertThat(job.at("/task/name").asText()).isEqualTo("setup_and_run");
    assertThat(job.at("/task/processes").findValuesAsText("name"))
        .containsExactly(
            "fetch_heron_system",
            "fetch_user_package",
            "discover_profiler_port",
            "launch_heron_executor");
  }

  @Test
  void theExecutorGetsEveryPortByTheNameThatStatusesUse() throws Exception {
    String command = process("launch_heron_executor");
    for (ExecutorPort port : ExecutorPort.values()) {
      assertThat(command)
          .contains(
              " " + port.flag() + "={{thermos.ports[" + StatusReport.PORTS.get(port) + "]}} ");
    }
    assertThat(command)
        .startsWith(
            "env HERON_CONTAINER_RAM={{RAM_PER_CONTAINER}} {{EXECUTOR_BINARY}} --shard={{mesos.instance}} ")
        .endsWith(" {{TOPOLOGY_ARGUMENTS}}");
  }

  /** The command is really run, with stand-ins for the programs that fetch. */
  @ParameterizedTest
  @CsvSource({
    "http://store.example/a?b=c&d=e, curl",
    "https://store.example/core.tar.gz, curl",
    "file:///dist/core.tar.gz, curl",
    "hdfs://nn.example:8020/core.tar.gz, hdfs dfs -get",
    "s3://bucket/core.tar.gz, aws s3 cp"
  })
  void aPackageIsFetchedByWhatFitsItsScheme(String uri, String program) throws Exception {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path archive = directory.resolve("archive.tar.gz");
    run(
        directory,
        Map.of(),
        "mkdir inside && echo hello > inside/file && tar -czf archive.tar.gz inside");
    for (String name : List.of("curl", "hdfs", "aws")) {
      Path script =
          Files.writeString(
              bin.resolve(name),
              "#!/bin/sh\necho \""
                  + name
                  + " $*\" > "
                  + directory
                  + "/asked\nfor file in \"$@\"; do case $file in heron-core.tar.gz) cp "
                  + archive
                  + " \"$file\";; esac; done\n");
      assertThat(script.toFile().setExecutable(true)).isTrue();
    }
    Path sandbox = Files.createDirectories(directory.resolve("sandbox"));
    Files.writeString(sandbox.resolve("heron-core.tar.gz"), "half of an earlier attempt");
    String command = process("fetch_heron_system").replace("{{CORE_PACKAGE_URI}}", uri);

    int code = run(sandbox, Map.of("PATH", bin + ":" + System.getenv("PATH")), command);

    assertThat(code).isZero();
    assertThat(Files.readString(directory.resolve("asked")))
        .startsWith(program + " ")
        .contains(uri);
    assertThat(sandbox.resolve("inside/file")).hasContent("hello\n");
    assertThat(sandbox.resolve("heron-core.tar.gz")).doesNotExist();
  }

  @Test
  void aPackageThatCannotBeFetchedFailsTheInstance() throws Exception {
    String command =
        process("fetch_user_package")
            .replace("{{TOPOLOGY_PACKAGE_URI}}", "file://" + directory + "/missing.tar.gz");
    assertThat(run(directory, Map.of(), command)).isNotZero();
  }

  private String process(String name) throws Exception {
    for (JsonNode process : read().at("/0/task/processes")) {
      if (process.path("name").asText().equals(name)) {
        return process.path("cmdline").asText();
      }
    }
    throw new AssertionError("no process " + name);
  }

  /**
   * What Python makes of it; skipped where there is none: brackets and binds are looked at above.
   */
  private JsonNode read() throws Exception {
    Path script = directory.resolve("read-template.py");
    if (!Files.exists(script)) {
      try (InputStream in = TemplateTest.class.getResourceAsStream("read-template.py")) {
        Files.copy(in, script);
      }
    }
    assumeTrue(
        ClientProgram.find("python3", System.getenv().getOrDefault("PATH", "")).isPresent(),
        "python3 is not installed");
    ClientRun run =
        new ClientProcess("python3", System.getenv("PATH"))
            .run(List.of(script.toString(), TEMPLATE.toString()), Duration.ofSeconds(60));
    assertThat(run).as(run.err()).isInstanceOf(ClientRun.Ended.class);
    assertThat(((ClientRun.Ended) run).code()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  private static int run(Path sandbox, Map<String, String> environment, String command)
      throws Exception {
    ProcessBuilder shell =
        new ProcessBuilder("/bin/sh", "-c", command)
            .directory(sandbox.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    shell.environment().putAll(environment);
    Process process = shell.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
