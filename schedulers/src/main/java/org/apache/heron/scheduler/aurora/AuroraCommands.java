package org.apache.heron.scheduler.aurora;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The command lines of Aurora's client, without the program's name: those of upstream, word for
 * word. Pure.
 *
 * @param verbose true if the client is to say everything
 */
record AuroraCommands(JobKey job, boolean verbose) {
  /** All in one batch. {@code --no-batching} says the same, but restart does not take it. */
  private static final int ALL_AT_ONCE = Integer.MAX_VALUE;

  /** Makes the job, and waits until its instances run. */
  List<String> create(Map<String, String> binds, Path template) {
    List<String> words = new ArrayList<>(List.of("job", "create", "--wait-until", "RUNNING"));
    binds.forEach(
        (name, value) -> {
          words.add("--bind");
          words.add(name + "=" + value);
        });
    words.add(job.spec());
    words.add(template.toString());
    if (verbose) {
      words.add("--verbose");
    }
    return words;
  }

  /** Ends every instance. */
  List<String> killAll() {
    return batched(ALL_AT_ONCE, "killall", job.spec());
  }

  /** Ends these instances. */
  List<String> kill(Collection<Integer> instances) {
    String ids =
        new TreeSet<>(instances).stream().map(String::valueOf).collect(Collectors.joining(","));
    return batched(ALL_AT_ONCE, "kill", job.spec() + "/" + ids);
  }

  /**
   * Restarts an instance, or all.
   *
   * @param parallel how many of all at a time; 0 for all at once, as upstream does
   */
  List<String> restart(OptionalInt instance, int parallel) {
    String which = instance.isPresent() ? job.spec() + "/" + instance.getAsInt() : job.spec();
    return batched(parallel == 0 ? ALL_AT_ONCE : parallel, "restart", which);
  }

  /**
   * Adds instances like instance 0, and waits until they run. Always verbose: only then the client
   * says which instances those are.
   */
  List<String> add(int count) {
    return List.of(
        "job",
        "add",
        "--wait-until",
        "RUNNING",
        job.spec() + "/0",
        Integer.toString(count),
        "--verbose");
  }

  /** Asks how all instances are, as JSON. */
  List<String> status() {
    return List.of("job", "status", "--write-json", job.spec());
  }

  private List<String> batched(int size, String verb, String which) {
    List<String> words = new ArrayList<>(List.of("job", verb, which));
    if (verbose) {
      words.add("--verbose");
    }
    words.addAll(List.of("--batch-size", Integer.toString(size)));
    return words;
  }
}
