package org.apache.heron.scheduler.aurora;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.heron.spi.scheduler.SchedulerException;

/**
 * What Aurora can be asked to do with one job, through its command line client. An empty result
 * means that it was done. Thread-safe.
 */
final class AuroraClient {
  /** How the client tells, when verbose, which instances it has added. */
  private static final Pattern ADDED =
      Pattern.compile("Querying instance statuses: \\[([0-9, ]*)]");

  private final JobKey job;
  private final AuroraCommands commands;
  private final ClientProcess process;
  private final AuroraSettings settings;

  AuroraClient(JobKey job, AuroraSettings settings, ClientProcess process) {
    this.job = job;
    this.settings = settings;
    this.process = process;
    this.commands = new AuroraCommands(job, settings.verbose());
  }

  /** Makes the job, and waits until it runs. */
  Optional<ClientFailure> create(Map<String, String> binds, Path template)
      throws InterruptedException {
    return call(commands.create(binds, template), settings.submitLimit(), "create the job " + job);
  }

  /** Ends every instance, and waits until they have ended. */
  Optional<ClientFailure> killAll() throws InterruptedException {
    return call(commands.killAll(), settings.commandLimit(), "kill the job " + job);
  }

  /** Ends these instances, and waits until they have ended. */
  Optional<ClientFailure> kill(Collection<Integer> instances) throws InterruptedException {
    return call(
        commands.kill(instances),
        settings.commandLimit(),
        "kill the instances " + instances + " of the job " + job);
  }

  /**
   * Restarts an instance, or all, and waits until they run.
   *
   * @param parallel how many of all at a time; 0 for all at once
   */
  Optional<ClientFailure> restart(OptionalInt instance, int parallel) throws InterruptedException {
    String what = instance.isPresent() ? "instance " + instance.getAsInt() + " of " : "";
    return call(
        commands.restart(instance, parallel),
        settings.commandLimit(),
        "restart " + what + "the job " + job);
  }

  /** What came of adding instances. */
  sealed interface Added {
    /** They run, with these numbers. */
    record Numbered(SortedSet<Integer> instances) implements Added {}

    /** They do not, or not all of them. */
    record Failed(ClientFailure failure) implements Added {}
  }

  /** Adds instances, and waits until they run. */
  Added add(int count) throws InterruptedException {
    ClientRun run = process.run(commands.add(count), settings.commandLimit());
    String did = "add " + count + " instances to the job " + job;
    if (!(run instanceof ClientRun.Ended ended) || !ended.ok()) {
      return new Added.Failed(ClientFailure.of(run, did));
    }
    SortedSet<Integer> numbers = numbers(run.err() + "\n" + run.out());
    return numbers.size() == count
        ? new Added.Numbered(numbers)
        : new Added.Failed(
            new ClientFailure(
                ClientFailure.Kind.UNCLEAR,
                "Aurora's client was to "
                    + did
                    + ", and does not say which those are: "
                    + (numbers.isEmpty() ? "no number" : "only " + numbers)));
  }

  private static SortedSet<Integer> numbers(String output) {
    SortedSet<Integer> numbers = new TreeSet<>();
    Matcher found = ADDED.matcher(output);
    if (found.find()) {
      for (String number : found.group(1).split(",")) {
        String digits = number.strip();
        if (!digits.isEmpty() && digits.length() < 10 && digits.indexOf(' ') < 0) {
          numbers.add(Integer.valueOf(digits));
        }
      }
    }
    return numbers;
  }

  /**
   * How the job's instances are.
   *
   * @throws SchedulerException if Aurora cannot be asked, or the answer cannot be read
   */
  JobStatus status() throws InterruptedException {
    ClientRun run = process.run(commands.status(), settings.statusLimit());
    if (run instanceof ClientRun.Ended ended && ended.ok()) {
      return JobStatus.parse(ended.out());
    }
    ClientFailure failure = ClientFailure.of(run, "tell the status of the job " + job);
    if (failure.kind() == ClientFailure.Kind.ABSENT) {
      return JobStatus.none();
    }
    throw new SchedulerException(failure.line());
  }

  private Optional<ClientFailure> call(List<String> arguments, Duration limit, String did)
      throws InterruptedException {
    ClientRun run = process.run(arguments, limit);
    return run instanceof ClientRun.Ended ended && ended.ok()
        ? Optional.empty()
        : Optional.of(ClientFailure.of(run, did));
  }
}
