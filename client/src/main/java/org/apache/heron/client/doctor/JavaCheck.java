package org.apache.heron.client.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.definition.JavaCommand;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.Finding;

/** The Java of this command, of topologies' mains, and of containers. */
final class JavaCheck {
  private static final String CHECK = "java";

  private JavaCheck() {}

  static void run(Config local, Map<String, String> environment, Consumer<Finding> findings) {
    findings.accept(
        Finding.ok(
            CHECK,
            "Java " + Runtime.version() + " at " + System.getProperty("java.home") + " runs this"));
    try {
      findings.accept(Finding.ok(CHECK, JavaCommand.find(environment) + " runs topologies' mains"));
    } catch (ClientException e) {
      findings.accept(
          Finding.failed(CHECK, e.getMessage(), "have JAVA_HOME name a Java of version 17"));
    }
    findings.accept(inContainers(local.string(Key.HERON_CLUSTER_JAVA_HOME), local));
  }

  private static Finding inContainers(String home, Config local) {
    if (home.contains("$")) {
      return Finding.skipped(CHECK, home + " is for the container's shell to resolve");
    }
    Path program = Path.of(home, "bin", "java");
    if (Files.isExecutable(program)) {
      return Finding.ok(CHECK, home + " is what containers are told, and there is one here");
    }
    return Finding.warning(
        CHECK,
        "containers are told "
            + home
            + " ("
            + Key.HERON_CLUSTER_JAVA_HOME.text()
            + " from "
            + local.sourceOf(Key.HERON_CLUSTER_JAVA_HOME)
            + "), which has no bin/java here",
        "have it name where the hosts of containers keep Java 17");
  }
}
