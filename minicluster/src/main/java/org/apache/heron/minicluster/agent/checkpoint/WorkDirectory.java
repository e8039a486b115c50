package org.apache.heron.minicluster.agent.checkpoint;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work directory in Mesos' layout: sandboxes in {@code
 * slaves/<agent>/frameworks/<framework>/executors/<task>/runs/<container>} with a {@code latest}
 * link, records under {@code meta/} in the same shape. Thread-safe as far as two threads do not
 * work on one run.
 */
public final class WorkDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(WorkDirectory.class);
  private static final String COMPLETED = "completed";
  private static final String KILLED = "killed";

  private final Path root;

  /**
   * @param root absolute, or made so; created if absent
   * @throws IOException if it cannot be
   */
  public WorkDirectory(Path root) throws IOException {
    Files.createDirectories(root);
    this.root = root.toRealPath();
  }

  /** The directory itself, without links in its path. */
  public Path root() {
    return root;
  }

  /** Where all sandboxes are. */
  public Path sandboxes() {
    return root.resolve("slaves");
  }

  /** The agent id on record. */
  public Optional<AgentID> agent() throws IOException {
    return read(meta().resolve("agent.id"), AgentID.parser());
  }

  /** Puts the agent id on record. */
  public void recordAgent(AgentID agent) throws IOException {
    write(meta().resolve("agent.id"), agent);
  }

  /** The resources of which it is on record that they are reserved dynamically. */
  public List<Resource> reserved() throws IOException {
    return read(meta().resolve("resources"), Offer.Operation.Reserve.parser())
        .map(Offer.Operation.Reserve::getResourcesList)
        .orElse(List.of());
  }

  /** Puts on record which resources are reserved dynamically. */
  public void recordReserved(List<Resource> dynamic) throws IOException {
    write(
        meta().resolve("resources"),
        Offer.Operation.Reserve.newBuilder().addAllResources(dynamic).build());
  }

  /**
   * Makes the directories of a run.
   *
   * @throws IOException if they cannot be made, or an id is no file name
   */
  public Run create(AgentID agent, FrameworkInfo framework, TaskInfo task, String container)
      throws IOException {
    Path relative =
        Path.of(
            "slaves",
            fileName(agent.getValue()),
            "frameworks",
            fileName(framework.getId().getValue()),
            "executors",
            fileName(task.getTaskId().getValue()),
            "runs");
    Run run = run(relative, container);
    Files.createDirectories(run.sandbox());
    Files.createDirectories(run.records());
    Path latest = root.resolve(relative).resolve("latest");
    Files.deleteIfExists(latest);
    Files.createSymbolicLink(latest, Path.of(container));
    write(run.records().resolve("framework.info"), framework);
    write(run.records().resolve("task.info"), task);
    return run;
  }

  private Run run(Path relative, String container) {
    return new Run(
        container,
        root.resolve(relative).resolve(container),
        root.resolve("meta").resolve(relative).resolve(container));
  }

  private static String fileName(String id) throws IOException {
    if (id.isEmpty() || id.equals(".") || id.equals("..") || id.matches(".*[/\\x00].*")) {
      throw new IOException("'" + id + "' cannot name a directory");
    }
    return id;
  }

  /**
   * A task's container.
   *
   * @param container its id
   * @param sandbox the task's directory
   * @param records the agent's notes about it
   */
  public record Run(String container, Path sandbox, Path records) {
    /** Where its statuses are on record. */
    public Path statusLog() {
      return records.resolve("task.updates");
    }

    /** Puts on record that the task was asked to end, and by when it must have. */
    public void recordKill(Instant deadline) throws IOException {
      Path unfinished = records.resolve(KILLED + ".new");
      Files.writeString(unfinished, deadline.toString());
      Files.move(unfinished, records.resolve(KILLED), StandardCopyOption.ATOMIC_MOVE);
    }

    /** By when a task that was asked to end must have; empty if it was not asked. */
    public Optional<Instant> killDeadline() throws IOException {
      Path file = records.resolve(KILLED);
      try {
        return Optional.of(Instant.parse(Files.readString(file).trim()));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      } catch (DateTimeParseException e) {
        throw new IOException(file + " is damaged: " + e.getMessage(), e);
      }
    }

    /** Notes that nothing remains to be done for it. */
    public void complete() throws IOException {
      Files.write(records.resolve(COMPLETED), new byte[0]);
    }
  }

  /** A run that an earlier agent left unfinished. */
  public record Unfinished(FrameworkInfo framework, TaskInfo task, Run run) {}

  /**
   * The runs of that agent that are not complete, oldest first; what cannot be read is left out.
   */
  public List<Unfinished> unfinished(AgentID agent) throws IOException {
    List<Unfinished> found = new ArrayList<>();
    Path frameworks = meta().resolve("slaves").resolve(fileName(agent.getValue()));
    for (Path framework : children(frameworks.resolve("frameworks"))) {
      for (Path executor : children(framework.resolve("executors"))) {
        for (Path records : children(executor.resolve("runs"))) {
          if (!Files.exists(records.resolve(COMPLETED))) {
            unfinished(records).ifPresent(found::add);
          }
        }
      }
    }
    found.sort(Comparator.comparing(each -> modified(each.run().records().resolve("task.info"))));
    return found;
  }

  private Optional<Unfinished> unfinished(Path records) {
    Optional<FrameworkInfo> framework;
    Optional<TaskInfo> task;
    try {
      framework = read(records.resolve("framework.info"), FrameworkInfo.parser());
      task = read(records.resolve("task.info"), TaskInfo.parser());
    } catch (IOException e) {
      LOG.warn("{} cannot be read and is not recovered", records, e);
      return Optional.empty();
    }
    if (framework.isEmpty() || task.isEmpty()) {
      LOG.warn("{} was left before it was whole and is not recovered", records);
      return Optional.empty();
    }
    Path relative = meta().relativize(records.getParent());
    return Optional.of(
        new Unfinished(
            framework.get(), task.get(), run(relative, records.getFileName().toString())));
  }

  private static java.nio.file.attribute.FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return java.nio.file.attribute.FileTime.fromMillis(0);
    }
  }

  /** Deletes a run's sandbox and records. */
  public void delete(Run run) throws IOException {
    deleteTree(run.sandbox());
    deleteTree(run.records());
  }

  private Path meta() {
    return root.resolve("meta");
  }

  private static List<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  private static void write(Path file, MessageLite message) throws IOException {
    Files.createDirectories(file.getParent());
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.write(unfinished, message.toByteArray());
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static <M> Optional<M> read(Path file, Parser<M> parser) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new IOException(
          file + " is damaged: " + e.getMessage() + "; delete it and the agent starts anew", e);
    }
  }

  /** Deletes a directory and what is in it; links are deleted, not followed. */
  static void deleteTree(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(tree)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}
