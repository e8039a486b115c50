package org.apache.heron.benchmarks;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.heron.minicluster.zookeeper.EmbeddedZooKeeper;

/**
 * How long commands take as whole processes, beside the bare JVM ({@code java -version}) as the
 * peer in the same run.
 *
 * <p>Arguments: [runs, 15].
 */
public final class CommandStartup {
  private CommandStartup() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int runs = args.length > 0 ? Integer.parseInt(args[0]) : 15;
    Path home = Path.of("distribution/target/home").toAbsolutePath();
    if (!Files.exists(home.resolve("bin/heron"))) {
      throw new IOException(home + " is not built; run mvn package first");
    }
    Path scratch = Files.createTempDirectory("heron-startup");
    try {
      measure(runs, home, scratch);
    } finally {
      MoreFiles.deleteRecursively(scratch, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static void measure(int runs, Path home, Path scratch)
      throws IOException, InterruptedException {
    try (EmbeddedZooKeeper zookeeper = EmbeddedZooKeeper.start(scratch.resolve("zookeeper"), 0)) {
      String heron = home.resolve("bin/heron").toString();
      List<String> kill =
          List.of(
              "sh",
              heron,
              "kill",
              "mesos/bench",
              "no-such-topology",
              "--config-property",
              "heron.statemgr.connection.string=" + zookeeper.connectString());
      String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
      System.out.printf(
          "load %.2f%n", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
      System.out.printf(
          "%-16s %8s %8s %8s   (ms, whole process, %d runs)%n", "", "min", "median", "max", runs);
      measure("java -version", List.of(java, "-version"), runs);
      measure("heron help", List.of("sh", heron, "help"), runs);
      measure("heron kill", kill, runs);
      System.out.printf(
          "load %.2f%n", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
  }

  private static void measure(String name, List<String> command, int runs)
      throws IOException, InterruptedException {
    List<Double> times = new ArrayList<>();
    for (int i = -2; i < runs; i++) {
      long begin = System.nanoTime();
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command + " does not end");
      }
      if (i >= 0) { // the first two fill caches
        times.add((System.nanoTime() - begin) / 1e6);
      }
    }
    double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    System.out.printf(
        "%-16s %8.0f %8.0f %8.0f%n",
        name, sorted[0], sorted[sorted.length / 2], Arrays.stream(sorted).max().orElse(0));
  }
}
