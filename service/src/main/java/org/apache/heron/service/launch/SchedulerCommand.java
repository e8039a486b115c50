package org.apache.heron.service.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;

/** The command line of a scheduler process. */
final class SchedulerCommand {
  private static final String MAIN_CLASS = "org.apache.heron.scheduler.SchedulerMain";
  // A scheduler waits most of its life: what counts is that it is small.
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-UsePerfData",
          "-XX:MinHeapFreeRatio=10",
          "-XX:MaxHeapFreeRatio=20",
          "-XX:ReservedCodeCacheSize=32m",
          "-Xss512k",
          "-Xms16m",
          "-Xmx256m",
          "-Djava.awt.headless=true",
          "-Djava.net.preferIPv4Stack=true");

  private SchedulerCommand() {}

  /**
   * The words of the command.
   *
   * @param standby true if the process is to wait for another's end
   */
  static List<String> of(LaunchRequest request, LaunchRecord record, boolean standby) {
    Config local = request.local();
    List<String> words = new ArrayList<>();
    words.add(java(local));
    words.addAll(JVM_OPTIONS);
    words.addAll(request.jvmOptions());
    // What ${HOME} in the configuration stands for, there as here.
    words.add("-Duser.home=" + System.getProperty("user.home"));
    words.add("-cp");
    words.add(classPath());
    words.add(MAIN_CLASS);
    words.add("--cluster=" + local.string(Key.CLUSTER));
    words.add("--role=" + local.string(Key.ROLE));
    words.add("--environment=" + local.string(Key.ENVIRON));
    words.add("--topology_name=" + request.topology());
    words.add("--topology_bin=" + record.topologyBinary());
    words.add("--http_port=0");
    words.add("-P" + Key.TOPOLOGY_PACKAGE_URI.text() + "=" + record.topologyPackage());
    words.add("-P" + Key.CORE_PACKAGE_URI.text() + "=" + record.corePackage());
    if (standby) {
      words.add("--standby");
    }
    if (local.bool(Key.VERBOSE)) {
      words.add("--verbose");
    }
    return words;
  }

  private static String java(Config local) {
    Path configured =
        local
            .optionalPath(Key.JAVA_HOME.text())
            .map(home -> home.resolve("bin").resolve("java"))
            .filter(Files::isExecutable)
            .orElse(Path.of(System.getProperty("java.home"), "bin", "java"));
    return configured.toString();
  }

  // The process works in another directory, so relative elements would lead nowhere.
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(element -> !element.isEmpty())
        .map(element -> Path.of(element).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
