package org.apache.heron.scheduler.local.sandbox;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.heron.scheduler.local.core.Container;
import org.apache.heron.spi.scheduler.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the scheduler must know after it was started anew: a file for each container, replaced as a
 * whole. They need not survive the machine's fall, since no process does. Not thread-safe.
 */
public final class Records {
  private static final Logger LOG = LoggerFactory.getLogger(Records.class);
  private static final String PREFIX = "container-";
  private static final String KILL = "kill";

  private final Path directory;

  public Records(Layout layout) {
    directory = layout.records();
  }

  /** Puts a container on record. */
  public void save(Container container) throws IOException {
    write(PREFIX + container.id(), RecordText.of(container));
  }

  /** Removes a container's record; fine if there is none. */
  public void forget(int container) throws IOException {
    Files.deleteIfExists(directory.resolve(PREFIX + container));
  }

  /** Puts on record that the topology is being killed. */
  public void saveKill() throws IOException {
    write(KILL, "");
  }

  /** True if that is on record. */
  public boolean isKilling() {
    return Files.exists(directory.resolve(KILL));
  }

  private void write(String name, String text) throws IOException {
    Files.createDirectories(directory);
    Path part = directory.resolve(name + ".part");
    Files.writeString(part, text, StandardCharsets.UTF_8);
    Files.move(
        part,
        directory.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * All containers on record; one that cannot be read is left out, and said in the log: it is
   * started anew, after its processes were ended.
   *
   * @throws SchedulerException if the directory cannot be read
   */
  public List<Container> all() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<Container> containers = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Records::isRecord).sorted().toList()) {
        try {
          containers.add(RecordText.parse(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException | CharacterCodingException e) {
          LOG.warn("{} is no record of a container: {}", file, e.getMessage());
        }
      }
    } catch (IOException e) {
      throw new SchedulerException("the records in " + directory + " cannot be read: " + e, e);
    }
    return containers;
  }

  private static boolean isRecord(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(PREFIX) && !name.endsWith(".part");
  }
}
