package org.apache.heron.tests.integration;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file system of so many bytes at a directory, seen only by commands that are run in it: it is
 * mounted in a name space of its own, so that nothing of it outlives the test, however that ends.
 */
final class SmallDisk implements AutoCloseable {
  private static final String HOLD =
      "mount -t tmpfs -o size=$1 tmpfs \"$2\" && echo mounted && exec cat";

  private final Process holder;
  private final boolean asUser;
  private final Path directory;

  private SmallDisk(Process holder, boolean asUser, Path directory) {
    this.holder = holder;
    this.asUser = asUser;
    this.directory = directory;
  }

  /** Empty where this machine does not let the test mount anything. */
  static Optional<SmallDisk> at(Path directory, long bytes) throws IOException {
    Files.createDirectories(directory);
    for (String spaces : List.of("-m", "-rm")) {
      Optional<SmallDisk> disk = mount(directory, bytes, spaces);
      if (disk.isPresent()) {
        return disk;
      }
    }
    return Optional.empty();
  }

  private static Optional<SmallDisk> mount(Path directory, long bytes, String spaces)
      throws IOException {
    Process holder;
    try {
      holder =
          new ProcessBuilder(
                  "unshare", spaces, "sh", "-c", HOLD, "sh", "" + bytes, directory.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return Optional.empty(); // no such program
    }
    BufferedReader said = holder.inputReader();
    if ("mounted".equals(said.readLine())) {
      return Optional.of(new SmallDisk(holder, spaces.contains("r"), directory));
    }
    holder.destroyForcibly();
    return Optional.empty();
  }

  /** What a command's words are put behind, to be run where the disk is seen. */
  List<String> inside() {
    List<String> words = new ArrayList<>(List.of("nsenter", "-t", "" + holder.pid()));
    if (asUser) {
      words.addAll(List.of("-U", "--preserve-credentials"));
    }
    words.addAll(List.of("-m", "--"));
    return words;
  }

  /** A path on the disk, as it is seen from here. */
  Path seen(Path path) {
    return Path.of("/proc/" + holder.pid() + "/root" + path.toAbsolutePath());
  }

  /** Leaves no room. */
  void fill() throws IOException {
    byte[] block = new byte[1 << 16];
    for (int size = block.length; size > 0; size = size == 1 ? 0 : 1) {
      Path filler = seen(directory).resolve("filler" + size);
      try (OutputStream out = Files.newOutputStream(filler)) {
        while (true) {
          out.write(block, 0, size);
        }
      } catch (IOException e) {
        // It is full now, for writes of that size.
      }
    }
  }

  /** Files on the disk that hold anything, without what filled it. */
  List<String> files() throws IOException {
    Path root = seen(directory);
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.filter(Files::isRegularFile)
          .filter(file -> file.toFile().length() > 0)
          .map(file -> root.relativize(file).toString())
          .filter(name -> !name.startsWith("filler"))
          .sorted()
          .toList();
    }
  }

  @Override
  public void close() {
    // What it holds needs no farewell, and the name space ends with the last of its processes.
    holder.destroyForcibly();
    holder.onExit().join();
  }
}
