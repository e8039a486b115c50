package org.apache.heron.tests.integration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of a process, in KiB, as Linux and the process' JVM count it.
 *
 * @param peak the most that was resident
 * @param own what is resident and no file's, so that no other process shares it
 * @param files pages of files, such as the JVM's library and its archive of classes
 * @param heap what its JVM has got for the heap; 0 if the JVM does not say
 * @param metaspace the same for the metaspace
 * @param threads how many run
 */
record Resident(long peak, long own, long files, long heap, long metaspace, long threads) {
  private static final Pattern FIELD = Pattern.compile("(\\w+):\\s+(\\d+)( kB)?");
  private static final Pattern HEAP = Pattern.compile("generation.*total (\\d+)K");
  private static final Pattern METASPACE =
      Pattern.compile("Metaspace\\s+used \\d+K, committed (\\d+)K");

  static Resident of(ProcessHandle handle) throws IOException {
    Map<String, Long> status = new TreeMap<>();
    for (String line :
        Files.readAllLines(Path.of("/proc", Long.toString(handle.pid()), "status"))) {
      Matcher field = FIELD.matcher(line);
      if (field.matches()) {
        status.put(field.group(1), Long.valueOf(field.group(2)));
      }
    }
    String jvm = jvm(handle);
    return new Resident(
        status.get("VmHWM"),
        status.get("RssAnon"),
        status.get("RssFile"),
        sum(HEAP, jvm),
        sum(METASPACE, jvm),
        status.get("Threads"));
  }

  private static long sum(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .mapToLong(result -> Long.parseLong(result.group(1)))
        .sum();
  }

  private static String jvm(ProcessHandle handle) throws IOException {
    Process asked =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(handle.pid()),
                "GC.heap_info")
            .redirectErrorStream(true)
            .start();
    return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** All of these together, and how it is with the largest. */
  static String text(String what, List<Resident> all) {
    if (all.isEmpty()) {
      return what + ": none";
    }
    List<Resident> sorted = new ArrayList<>(all);
    sorted.sort(java.util.Comparator.comparingLong(Resident::peak));
    Resident largest = sorted.get(sorted.size() - 1);
    return "%s: %d, peak RSS %d to %d MiB each, %d MiB added up (now %d MiB of their own and %d MiB of files, counted once each). The largest: %s"
        .formatted(
            what,
            all.size(),
            sorted.get(0).peak >> 10,
            largest.peak >> 10,
            all.stream().mapToLong(Resident::peak).sum() >> 10,
            all.stream().mapToLong(Resident::own).sum() >> 10,
            all.stream().mapToLong(Resident::files).sum() >> 10,
            largest.text());
  }

  String text() {
    return "peak %d MiB; now %d MiB of its own (heap got %d, metaspace %d, %d threads) and %d MiB of files"
        .formatted(peak >> 10, own >> 10, heap >> 10, metaspace >> 10, threads, files >> 10);
  }
}
