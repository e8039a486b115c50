package org.apache.heron.scheduler.nomad.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.executor.ExecutorCommand;
import org.apache.heron.spi.executor.ShellWords;

/** What a container's task runs. */
final class ContainerCommands {
  private final ContainerJob job;

  ContainerCommands(ContainerJob job) {
    this.job = job;
  }

  /** For {@code sh -c} in an image that holds the core package. */
  String line(int container) {
    String conf = job.cluster().string(Key.HERON_CONF);
    String port =
        job.portFile().isPresent()
            ? " && echo ${NOMAD_PORT_" + ContainerJob.METRICS_PORT + "} > ${METRICS_PORT_FILE}"
            : "";
    // Docker's SIGTERM goes to process 1, and a shell that waits as such takes no notice of it.
    return quoted(download(conf)) + port + " && exec " + executor(container).shellLine();
  }

  /**
   * For the script, which runs without an image: upstream's variables, whose commands are not fit
   * for a shell to read if a word has blanks or quotes, and the same commands quoted.
   */
  Map<String, String> environment(int container) {
    List<String> download = download(job.local().string(Key.HERON_CONF));
    ExecutorCommand executor = executor(container);
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put(
        "HERON_NOMAD_WORKING_DIR",
        job.local().string(ContainerJob.DIRECTORY_KEY) + "/container-" + container);
    boolean byUri = job.local().bool(Key.USE_CORE_PACKAGE_URI);
    environment.put("HERON_USE_CORE_PACKAGE_URI", Boolean.toString(byUri));
    if (byUri) {
      environment.put("HERON_CORE_PACKAGE_URI", job.packages().core());
    } else {
      environment.put("HERON_CORE_PACKAGE_DIR", job.local().string(Key.CORE_PACKAGE_DIRECTORY));
    }
    environment.put("HERON_TOPOLOGY_DOWNLOAD_CMD", String.join(" ", download));
    environment.put("HERON_EXECUTOR_CMD", String.join(" ", executor.words()));
    environment.put("HERON_TOPOLOGY_DOWNLOAD_LINE", quoted(download));
    environment.put("HERON_EXECUTOR_LINE", executor.shellLine());
    environment.put("HERON_TOPOLOGY_PACKAGE_URI", job.packages().topology());
    environment.put("HERON_KEEP_WORKING_DIR", Boolean.toString(job.settings().keepDirectory()));
    return environment;
  }

  /**
   * Where a package in S3 is fetched from: the downloader has no configuration before, and would
   * ask Amazon in its default region.
   */
  Map<String, String> store() {
    Map<String, String> environment = new LinkedHashMap<>();
    if (job.packages().topology().startsWith("s3:")) {
      configured("heron.uploader.s3.region").ifPresent(it -> environment.put("AWS_REGION", it));
      configured("heron.uploader.s3.uri")
          .ifPresent(it -> environment.put("AWS_ENDPOINT_URL_S3", it));
    }
    return environment;
  }

  private Optional<String> configured(String key) {
    return job.local().optionalString(key).map(String::strip).filter(text -> !text.isEmpty());
  }

  private ExecutorCommand executor(int container) {
    return ExecutorCommand.withPortVariables(
        job.cluster(),
        job.topology(),
        job.componentRam(),
        container,
        port -> "NOMAD_PORT_" + ContainerJob.label(port));
  }

  private List<String> download(String conf) {
    return List.of(
        job.cluster().string(Key.DOWNLOADER_BINARY),
        "-u",
        job.packages().topology(),
        "-f",
        ".",
        "-m",
        "local",
        "-p",
        conf,
        "-d",
        job.cluster().string(Key.HERON_HOME));
  }

  private static String quoted(List<String> words) {
    return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
  }
}
