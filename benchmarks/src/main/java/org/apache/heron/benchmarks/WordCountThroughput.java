package org.apache.heron.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Word count by fields grouping: spouts and bolts dealt out to containers, each a JVM of its own,
 * meshed over loopback. Prints words a second, acks a second, latency percentiles, processor time
 * and the machine's load, one line a second and a summary. Each tree is worked on by about five
 * threads one after the other; the last line says what the machine takes to wake one.
 *
 * <pre>
 * WordCountThroughput [--containers 2] [--spouts 2] [--bolts 2] [--acking true] [--pending 10000]
 *                     [--rate 0] [--warm-up 10] [--seconds 20] [--heap 256m]
 * </pre>
 *
 * {@code --rate} limits each spout to so many words a second; 0 is as fast as it can.
 */
public final class WordCountThroughput {

  /** What is measured. */
  record Options(
      int containers,
      int spouts,
      int bolts,
      boolean acking,
      int pending,
      int rate,
      int warmUpSeconds,
      int seconds,
      String heap) {

    static Options parse(String[] arguments) {
      Map<String, String> given = new TreeMap<>();
      for (int i = 0; i < arguments.length; i += 2) {
        if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
          throw new IllegalArgumentException("not --option value: " + arguments[i]);
        }
        given.put(arguments[i].substring(2), arguments[i + 1]);
      }
      Options options =
          new Options(
              Integer.parseInt(take(given, "containers", "2")),
              Integer.parseInt(take(given, "spouts", "2")),
              Integer.parseInt(take(given, "bolts", "2")),
              Boolean.parseBoolean(take(given, "acking", "true")),
              Integer.parseInt(take(given, "pending", "10000")),
              Integer.parseInt(take(given, "rate", "0")),
              Integer.parseInt(take(given, "warm-up", "10")),
              Integer.parseInt(take(given, "seconds", "20")),
              take(given, "heap", "256m"));
      if (!given.isEmpty()) {
        throw new IllegalArgumentException("unknown options " + given.keySet());
      }
      return options;
    }

    private static String take(Map<String, String> given, String name, String fallback) {
      String value = given.remove(name);
      return value == null ? fallback : value;
    }
  }

  /** One container's JVM, driven by lines on its standard input. */
  private static final class Container implements AutoCloseable {

    private final Process process;
    private final PrintWriter toIt;
    private final BufferedReader fromIt;
    private long lastCpuMillis;

    Container(int id, Options options) throws IOException {
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx" + options.heap,
              "-Xms" + options.heap,
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              WordCountContainer.class.getName(),
              String.valueOf(id),
              String.valueOf(options.containers),
              String.valueOf(options.spouts),
              String.valueOf(options.bolts),
              String.valueOf(options.acking),
              String.valueOf(options.pending),
              String.valueOf(options.rate));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      toIt =
          new PrintWriter(
              new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
      fromIt =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Sends a line and reads the answer: numbers. */
    long[] ask(String line) throws IOException {
      toIt.println(line);
      String answer = fromIt.readLine();
      if (answer == null) {
        throw new IOException("the container ended; see its errors above");
      }
      return Arrays.stream(answer.trim().split(" ")).mapToLong(Long::parseLong).toArray();
    }

    double coresSinceLast(double seconds) {
      long now = process.info().totalCpuDuration().map(cpu -> cpu.toMillis()).orElse(0L);
      double cores = (now - lastCpuMillis) / 1000.0 / seconds;
      lastCpuMillis = now;
      return cores;
    }

    long residentMebibytes() throws IOException {
      Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
      if (!Files.exists(status)) {
        return 0;
      }
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    }

    @Override
    public void close() {
      toIt.println("quit");
      try {
        if (!process.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  private WordCountThroughput() {}

  /** Runs the measurement. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Options options = Options.parse(arguments);
    System.out.println(options);
    List<Container> containers = new ArrayList<>();
    try {
      StringBuilder ports = new StringBuilder("plan");
      for (int id = 1; id <= options.containers; id++) {
        Container container = new Container(id, options);
        containers.add(container);
        ports.append(' ').append(container.ask("port")[0]);
      }
      for (Container container : containers) {
        container.ask(ports.toString());
      }
      report("warm-up", containers, options.warmUpSeconds);
      for (Container container : containers) {
        container.ask("reset");
      }
      try (WakeUpDelay yardstick = WakeUpDelay.start()) {
        report("measured", containers, options.seconds);
        latencies(containers);
        System.out.println(yardstick.summary());
      }
    } finally {
      containers.forEach(Container::close);
    }
  }

  private static void report(String phase, List<Container> containers, int seconds)
      throws IOException, InterruptedException {
    long[] first = sum(containers, "counters");
    long[] before = first;
    long startNanos = System.nanoTime();
    containers.forEach(container -> container.coresSinceLast(1));
    double cores = 0;
    long lastNanos = startNanos;
    for (int i = 1; i <= seconds; i++) {
      Thread.sleep(1000);
      long[] now = sum(containers, "counters");
      double passed = (System.nanoTime() - lastNanos) / 1e9;
      lastNanos = System.nanoTime();
      double used = containers.stream().mapToDouble(c -> c.coresSinceLast(passed)).sum();
      cores += used / seconds;
      System.out.printf(
          "%s %2d s: %,10.0f words/s %,10.0f acked/s %.2f cores, load %s%n",
          phase, i, (now[0] - before[0]) / passed, (now[1] - before[1]) / passed, used, load());
      before = now;
    }
    double passed = (System.nanoTime() - startNanos) / 1e9;
    StringBuilder resident = new StringBuilder();
    for (Container container : containers) {
      resident.append(' ').append(container.residentMebibytes());
    }
    System.out.printf(
        "%s mean: %,.0f words/s %,.0f acked/s %.2f cores, RSS%s MiB, load %s%n",
        phase,
        (before[0] - first[0]) / passed,
        (before[1] - first[1]) / passed,
        cores,
        resident,
        load());
  }

  private static long[] sum(List<Container> containers, String question) throws IOException {
    long[] total = null;
    for (Container container : containers) {
      long[] answer = container.ask(question);
      if (total == null) {
        total = answer;
      } else {
        for (int i = 0; i < answer.length; i++) {
          total[i] += answer[i];
        }
      }
    }
    return total;
  }

  private static void latencies(List<Container> containers) throws IOException {
    LatencyHistogram all = new LatencyHistogram();
    all.addAll(sum(containers, "latencies"));
    if (all.count() > 0) {
      System.out.printf(
          "complete latency of %,d trees: mean %.2f ms, p50 %.2f, p90 %.2f, p99 %.2f, p99.9 %.2f%n",
          all.count(),
          all.meanMillis(),
          all.percentileMillis(50),
          all.percentileMillis(90),
          all.percentileMillis(99),
          all.percentileMillis(99.9));
    }
  }

  private static String load() throws IOException {
    Path file = Path.of("/proc/loadavg");
    return Files.exists(file) ? Files.readString(file).split(" ")[0] : "?";
  }
}
