package org.apache.heron.service.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.heron.service.files.Trees;
import org.apache.heron.spi.process.LivingProcess;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.apache.heron.spi.scheduler.SchedulerRunsException;

/**
 * Where a topology's scheduler process works: the unpacked topology package, what it was started
 * with, its process id, its output and its log.
 */
public final class WorkingDirectory {
  private static final String LAUNCH_FILE = "launch.properties";
  private static final String PID_FILE = "scheduler.pid";
  private static final String OUTPUT_FILE = "scheduler.out";
  private static final String STANDBY = ".standby-";
  private static final int LAST_BYTES = 16_384;

  private final Path path;
  private final String topology;
  private final String key;
  private final Removal removal;

  /** Removes an entry with what is in it; fine if it is not there. */
  interface Removal {
    void of(Path entry) throws IOException;
  }

  /**
   * @param path absolute; need not exist
   * @param key of the configuration that names it, for messages
   */
  public WorkingDirectory(Path path, String topology, String key) {
    this(path, topology, key, Trees::delete);
  }

  WorkingDirectory(Path path, String topology, String key, Removal removal) {
    this.path = path;
    this.topology = topology;
    this.key = key;
    this.removal = removal;
  }

  /** The directory. */
  public Path path() {
    return path;
  }

  /** What the process writes on stdout and stderr. */
  Path output() {
    return path.resolve(OUTPUT_FILE);
  }

  /** Where a user finds the log. */
  public Path log() {
    return path.resolve("scheduler.log");
  }

  /** True if a scheduler can be started here again. */
  public boolean isComplete() {
    return Files.isRegularFile(path.resolve(topology + ".defn"))
        && Files.isDirectory(path.resolve("heron-conf"))
        && Files.isRegularFile(path.resolve(LAUNCH_FILE));
  }

  /**
   * Makes the directory anew from a package.
   *
   * @throws SchedulerException if a scheduler runs in it, it holds what is not a scheduler's, or it
   *     cannot be written
   */
  void create(InputStream topologyPackage, LaunchRecord record) {
    refuseIfAlive();
    try {
      if (isForeign()) {
        throw new SchedulerException(
            "the scheduler's working directory "
                + path
                + " holds files that are not a scheduler's; empty it or name another ("
                + key
                + ")");
      }
      delete();
      Files.createDirectories(path);
      // First the mark that this directory is ours to delete.
      Files.writeString(path.resolve(LAUNCH_FILE), record.toText());
      PackageArchive.unpack(topologyPackage, path);
      if (!isComplete()) {
        throw new SchedulerException(
            "the topology package holds no " + topology + ".defn or no heron-conf");
      }
    } catch (IOException e) {
      throw new SchedulerException(
          "the scheduler's working directory " + path + " cannot be made: " + describe(e), e);
    }
  }

  private static String describe(IOException e) {
    return e instanceof java.nio.file.FileSystemException
        ? e.getClass().getSimpleName() + " " + e.getMessage()
        : e.getMessage();
  }

  /** What the process here was started with. */
  public LaunchRecord launchRecord() {
    return recorded()
        .orElseThrow(
            () ->
                new SchedulerException(
                    "cannot read " + path.resolve(LAUNCH_FILE) + ": there is no such file"));
  }

  private Optional<LaunchRecord> recorded() {
    Path file = path.resolve(LAUNCH_FILE);
    try {
      return Optional.of(LaunchRecord.parse(Files.readString(file), file.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new SchedulerException("cannot read " + file + ": " + describe(e), e);
    }
  }

  // A directory that upstream's launcher has made is as good as ours.
  private boolean isForeign() throws IOException {
    if (!Files.exists(path) || Files.isRegularFile(path.resolve(LAUNCH_FILE))) {
      return false;
    }
    if (Files.isDirectory(path.resolve("heron-conf"))
        && Files.isRegularFile(path.resolve(topology + ".defn"))) {
      return false;
    }
    return !entries().isEmpty();
  }

  /** The process that was started here, if it lives. */
  public Optional<ProcessHandle> process() {
    try {
      List<String> words = List.of(Files.readString(path.resolve(PID_FILE)).strip().split("\\s+"));
      // Process ids are given anew: only the birth tells whose it is.
      return LivingProcess.find(Long.parseLong(words.get(0)), words.get(1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      throw new SchedulerException(
          "cannot read "
              + path.resolve(PID_FILE)
              + "; see whether the scheduler of topology '"
              + topology
              + "' runs, and remove the file if not",
          e);
    }
  }

  /**
   * True unless the directory was made for another submission: of the same name, but on another
   * cluster, since one cluster has a name once. One that is not there belongs to whoever asks.
   *
   * @param topologyId of the submission; empty if that is no longer known
   */
  boolean belongsTo(String topologyId) {
    return topologyId.isEmpty()
        || !Files.isRegularFile(path.resolve(LAUNCH_FILE))
        || recorded().map(record -> record.topologyId().equals(topologyId)).orElse(true);
  }

  /** True if the scheduler of this submission was started here, and can be started here again. */
  public boolean holds(String topologyId) {
    return isComplete() && launchRecord().topologyId().equals(topologyId);
  }

  /** This directory, or the first of those beside it that no living process works in. */
  WorkingDirectory unused() {
    WorkingDirectory directory = this;
    for (int next = 1; directory.process().isPresent(); next++) {
      directory =
          new WorkingDirectory(
              path.resolveSibling(path.getFileName() + STANDBY + next), topology, key);
    }
    return directory;
  }

  /**
   * Directories of standbys beside this one that were started and whose process has ended without
   * removing its own. One that is just being made has no process on record yet and is none of them.
   */
  List<WorkingDirectory> abandonedStandbys() {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      return List.of();
    }
    Pattern name = Pattern.compile(Pattern.quote(path.getFileName() + STANDBY) + "\\d+");
    try (Stream<Path> beside = Files.list(parent)) {
      return beside
          .filter(each -> name.matcher(each.getFileName().toString()).matches())
          .filter(each -> Files.isRegularFile(each.resolve(PID_FILE)))
          .map(each -> new WorkingDirectory(each, topology, key))
          .filter(each -> each.process().isEmpty())
          .toList();
    } catch (IOException e) {
      throw new SchedulerException(
          "cannot look for standbys' directories in " + parent + ": " + describe(e), e);
    }
  }

  /** True once the process here has said that it stands by. */
  boolean saysItStandsBy() {
    try (Stream<String> lines = Files.lines(output())) {
      return lines.anyMatch(line -> line.startsWith("stands by at "));
    } catch (IOException | java.io.UncheckedIOException e) {
      return false;
    }
  }

  /** Keeps in mind which process works here. */
  void started(ProcessHandle handle) {
    try {
      Files.writeString(
          path.resolve(PID_FILE), handle.pid() + " " + LivingProcess.birth(handle) + "\n");
    } catch (IOException e) {
      throw new SchedulerException(
          "cannot write " + path.resolve(PID_FILE) + ": " + describe(e), e);
    }
  }

  /**
   * @throws SchedulerRunsException if a scheduler runs here
   */
  void refuseIfAlive() {
    process()
        .ifPresent(
            handle -> {
              throw new SchedulerRunsException(
                  "a scheduler of topology '"
                      + topology
                      + "' runs already in "
                      + path
                      + " (process "
                      + handle.pid()
                      + ")",
                  handle.pid());
            });
  }

  /** The last line of the process' output that is not blank; empty if there is none. */
  String lastLine() {
    try {
      byte[] bytes = Files.readAllBytes(output());
      int from = Math.max(0, bytes.length - LAST_BYTES);
      String text = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank()).reduce("", (a, b) -> b).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Removes the directory if a launcher has made it; fine if it is not there, or if another process
   * removes it at the same time. Goes on past what cannot be removed; no scheduler is started from
   * what stays.
   *
   * @throws SchedulerException if something stays
   */
  public void delete() {
    try {
      if (!Files.exists(path) || isForeign()) {
        return;
      }
      List<Path> entries = entries();
      if (entries.contains(path.resolve(LAUNCH_FILE))) {
        // First what no scheduler is started without: the note that this one was killed is among
        // the rest, which stays if this does.
        removal.of(path.resolve(topology + ".defn"));
      }
      // Last the mark that this directory is ours to delete.
      removeAll(entries.stream().filter(entry -> !entry.endsWith(LAUNCH_FILE)).toList());
      removal.of(path);
    } catch (IOException e) {
      throw new SchedulerException(
          "the scheduler's working directory " + path + " cannot be removed: " + describe(e), e);
    }
  }

  private void removeAll(List<Path> entries) throws IOException {
    List<IOException> problems = new ArrayList<>();
    for (Path entry : entries) {
      try {
        removal.of(entry);
      } catch (IOException e) {
        problems.add(e);
      }
    }
    if (!problems.isEmpty()) {
      IOException first = problems.remove(0);
      problems.forEach(first::addSuppressed);
      throw first;
    }
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      return entries.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
