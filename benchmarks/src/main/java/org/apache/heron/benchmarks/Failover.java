package org.apache.heron.benchmarks;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.heron.minicluster.MiniCluster;

/**
 * How long a topology has no scheduler after {@code kill -9} of the leader's process: until the
 * standby leads, has subscribed, and Mesos has answered for every task. Real processes, started by
 * the distribution's own commands; the peer in the same run is what Curator's LeaderLatch does by
 * itself, which waits for the end of the dead process' session ({@link LatchFailover}).
 *
 * <p>Arguments: [take-overs, 20] [take-overs of the peer, 2].
 */
public final class Failover {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Pattern STANDBY = Pattern.compile("process (\\d+) stands by.* (/\\S+)");
  private static final Pattern LISTENS = Pattern.compile("stands by at (\\S+)");

  /** Tasks run as the user of the role. */
  private static final String USER = System.getProperty("user.name");

  private static final String TARGET = "mesos/" + USER;

  private final HttpClient http = HttpClient.newHttpClient();
  private final MiniCluster cluster;
  private final Path home;
  private final Path scratch;

  private Failover(MiniCluster cluster, Path home, Path scratch) {
    this.cluster = cluster;
    this.home = home;
    this.scratch = scratch;
  }

  public static void main(String[] args) throws Exception {
    int times = args.length > 0 ? Integer.parseInt(args[0]) : 20;
    int peers = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    Path home = Path.of("distribution/target/home").toAbsolutePath();
    if (!Files.exists(home.resolve("bin/heron"))) {
      throw new IOException(home + " is not built; run mvn package first");
    }
    System.out.printf(
        "load %.2f%n", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    Path scratch = Files.createTempDirectory("heron-failover");
    try (MiniCluster cluster =
        MiniCluster.builder()
            .directory(scratch.resolve("cluster"))
            .agent(
                agent ->
                    agent
                        .hostname("localhost")
                        .resources("cpus:64;mem:262144;disk:1048576;ports:[21000-22999]"))
            .start()) {
      new Failover(cluster, home, scratch).measure(times);
      LatchFailover.measure(cluster.zooKeeper().connectString(), peers);
    } finally {
      MoreFiles.deleteRecursively(scratch, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private void measure(int times) throws Exception {
    heron(
        "submit",
        TARGET,
        home.resolve("dist/examples/heron-examples.jar").toString(),
        "org.apache.heron.examples.api.WordCountTopology",
        "words");
    try {
      List<Taken> all = new ArrayList<>();
      long leader = firstLeader();
      for (int i = 0; i < times; i++) {
        Standby standby = standBy();
        all.add(takeOver(leader, standby));
        leader = standby.pid();
      }
      print("leads", all.stream().mapToDouble(Taken::leads).toArray());
      print("subscribed", all.stream().mapToDouble(Taken::subscribed).toArray());
      print("reconciled", all.stream().mapToDouble(Taken::reconciled).toArray());
    } finally {
      heron("kill", TARGET, "words");
    }
  }

  static void print(String what, double[] milliseconds) {
    double[] sorted = milliseconds.clone();
    Arrays.sort(sorted);
    if (sorted.length > 0) {
      System.out.printf(
          "%-28s median %8.0f   worst %8.0f   (ms after kill -9, %d times)%n",
          what, sorted[sorted.length / 2], sorted[sorted.length - 1], sorted.length);
    }
  }

  /** Milliseconds after the kill. */
  private record Taken(double leads, double subscribed, double reconciled) {}

  private record Standby(long pid, String endpoint) {}

  private Taken takeOver(long leader, Standby standby) throws IOException {
    ProcessHandle process = ProcessHandle.of(leader).orElseThrow();
    long begin = System.nanoTime();
    process.destroyForcibly();
    double leads = after(begin, () -> value(standby, "heron_leader") == 1);
    double subscribed = after(begin, () -> value(standby, "heron_subscribed") == 1);
    double reconciled =
        after(begin, () -> value(standby, "heron_reconciliation_seconds_count") >= 1);
    return new Taken(leads, subscribed, reconciled);
  }

  private static double after(long begin, BooleanSupplier condition) throws IOException {
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begin > LIMIT.toNanos()) {
        throw new IOException("the standby has not taken over within " + LIMIT);
      }
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  private double value(Standby standby, String metric) {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create("http://" + standby.endpoint() + "/metrics"))
                  .timeout(Duration.ofSeconds(10))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return answer
          .body()
          .lines()
          .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private long firstLeader() throws IOException {
    Path directory =
        scratch.resolve("home/.herondata/topologies/mesos/" + USER + "/words").toRealPath();
    return ProcessHandle.allProcesses()
        .filter(handle -> isIn(handle, directory))
        .mapToLong(ProcessHandle::pid)
        .findFirst()
        .orElseThrow(() -> new IOException("no scheduler process works in " + directory));
  }

  private static boolean isIn(ProcessHandle handle, Path directory) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(handle.pid()), "cwd"))
          .equals(directory);
    } catch (IOException e) {
      return false; // it has ended, or is another user's
    }
  }

  private Standby standBy() throws Exception {
    String said = heron("scheduler", "standby", TARGET, "words");
    Matcher found = STANDBY.matcher(said);
    if (!found.find()) {
      throw new IOException("heron scheduler standby said: " + said);
    }
    Path directory = Path.of(found.group(2));
    while (!Files.exists(directory.resolve("scheduler.out"))) {
      directory = directory.getParent();
    }
    Matcher listens = LISTENS.matcher(Files.readString(directory.resolve("scheduler.out")));
    if (!listens.find()) {
      throw new IOException("it is not said in " + directory + " where the standby listens");
    }
    return new Standby(Long.parseLong(found.group(1)), listens.group(1));
  }

  private String heron(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", home.resolve("bin/heron").toString()));
    command.addAll(List.of(words));
    command.add("--config-property");
    command.add("heron.mesos.master.uri=" + cluster.masterAddress());
    command.add("--config-property");
    command.add("heron.statemgr.connection.string=" + cluster.zooKeeper().connectString());
    Path output = scratch.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HOME", Files.createDirectories(scratch.resolve("home")).toString());
    Process process = builder.redirectOutput(output.toFile()).start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    String said = Files.readString(output);
    if (process.waitFor() != 0) {
      throw new IOException(command + " ended with " + process.exitValue() + ": " + said);
    }
    return said;
  }
}
