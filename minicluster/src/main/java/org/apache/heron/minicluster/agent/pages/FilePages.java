package org.apache.heron.minicluster.agent.pages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;

/**
 * Mesos' {@code /files/browse}, {@code /files/read} and {@code /files/download}: a path is
 * absolute, as {@code /state} shows it, or begins with {@code /frameworks/}. Thread-safe.
 */
public final class FilePages {
  /** As Mesos: a read gives at most 16 pages of memory. */
  private static final int LONGEST_READ = 16 * 4096;

  private static final int MOST_ENTRIES = 10_000;
  private static final int BUFFER = 1 << 16;
  private static final String JSON = "application/json";

  private final ConfinedFiles files;
  private final Function<String, String> realPath;

  /**
   * @param root what is served, without links in its path
   * @param realPath turns a virtual path into an absolute one; others it leaves as they are
   */
  public FilePages(Path root, Function<String, String> realPath) {
    this.files = new ConfinedFiles(root);
    this.realPath = realPath;
  }

  /** What is in a directory: {@code ?path=}. */
  public void browse(WebRequest request, WebResponse response) throws IOException {
    response.send(JSON, MesosJson.write(list(path(request))));
  }

  /**
   * The entries of a directory, by name.
   *
   * @throws HttpError 404 if there is no such directory
   */
  public ArrayNode list(String path) throws IOException {
    Path directory = find(path);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new HttpError(404, "no directory: " + path);
    }
    List<Path> entries;
    try (Stream<Path> all = Files.list(directory)) {
      entries = all.limit(MOST_ENTRIES).sorted().toList();
    }
    ArrayNode list = MesosJson.array();
    String prefix = path.endsWith("/") ? path : path + "/";
    for (Path entry : entries) {
      entry(entry, prefix + entry.getFileName()).ifPresent(list::add);
    }
    return list;
  }

  private static Optional<ObjectNode> entry(Path file, String shown) throws IOException {
    PosixFileAttributes attributes;
    Map<String, Object> unix;
    try {
      attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      unix = Files.readAttributes(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return Optional.empty(); // it was deleted since
    }
    String kind = attributes.isDirectory() ? "d" : attributes.isSymbolicLink() ? "l" : "-";
    ObjectNode node = MesosJson.object();
    node.put("gid", attributes.group().getName());
    node.put("mode", kind + PosixFilePermissions.toString(attributes.permissions()));
    node.set(
        "mtime", MesosJson.number((double) attributes.lastModifiedTime().to(TimeUnit.SECONDS)));
    node.put("nlink", ((Number) unix.get("nlink")).intValue());
    node.put("path", shown);
    node.put("size", attributes.size());
    node.put("uid", attributes.owner().getName());
    return Optional.of(node);
  }

  /** A piece of a file: {@code ?path=&offset=&length=}; without an offset, only how long it is. */
  public void read(WebRequest request, WebResponse response) throws IOException {
    String path = path(request);
    long offset = number(request, "offset");
    long length = number(request, "length");
    response.send(JSON, MesosJson.write(piece(path, offset, length)));
  }

  /**
   * A piece of a file.
   *
   * @param offset in bytes; -1 asks for the file's size alone
   * @param length in bytes; -1 is as much as is given at once
   * @throws HttpError 404 if there is no such file
   */
  public ObjectNode piece(String path, long offset, long length) throws IOException {
    ObjectNode node = MesosJson.object();
    try (SeekableByteChannel channel = files.open(findFile(path))) {
      long size = channel.size();
      if (offset < 0) {
        return node.put("data", "").put("offset", size);
      }
      long left = Math.max(0, size - offset);
      int wanted = (int) Math.min(left, length < 0 ? LONGEST_READ : Math.min(length, LONGEST_READ));
      ByteBuffer buffer = ByteBuffer.allocate(wanted);
      if (wanted > 0) {
        channel.position(offset);
        int count = 0;
        while (count >= 0 && buffer.hasRemaining()) {
          count = channel.read(buffer);
        }
      }
      buffer.flip();
      int whole = wholeCharacters(buffer.array(), buffer.limit());
      node.put("data", new String(buffer.array(), 0, whole, StandardCharsets.UTF_8));
      return node.put("offset", offset);
    }
  }

  /** The length without a character of UTF-8 that the end cuts: the next read brings it whole. */
  static int wholeCharacters(byte[] bytes, int length) {
    int start = length - 1;
    int continuations = 0;
    while (start > 0 && continuations < 3 && (bytes[start] & 0xC0) == 0x80) {
      start--;
      continuations++;
    }
    if (start < 0) {
      return length;
    }
    int lead = bytes[start] & 0xFF;
    int needed = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    return needed > continuations && start > 0 ? start : length;
  }

  /** A whole file: {@code ?path=}. */
  public void download(WebRequest request, WebResponse response) throws IOException {
    Path file = findFile(path(request));
    try (SeekableByteChannel channel = files.open(file)) {
      String name = file.getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "_");
      response.header("Content-Disposition", "attachment; filename=" + name);
      response.header("X-Content-Type-Options", "nosniff");
      try (OutputStream out = response.output("application/octet-stream")) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (channel.read(buffer) >= 0) {
          out.write(buffer.array(), 0, buffer.position());
          buffer.clear();
        }
      }
    }
  }

  private static String path(WebRequest request) {
    return request
        .query("path")
        .filter(path -> !path.isEmpty())
        .orElseThrow(() -> new HttpError(400, "Expecting 'path=value' in query.\n"));
  }

  private static long number(WebRequest request, String name) {
    String text = request.query(name).orElse("-1");
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new HttpError(400, "Failed to parse " + name + ": '" + text + "' is no number.\n");
    }
    if (value < -1) {
      throw new HttpError(400, "Negative " + name + " provided: " + value + ".\n");
    }
    return value;
  }

  private Path find(String path) {
    return files
        .find(realPath.apply(path))
        .orElseThrow(() -> new HttpError(404, "no such file: " + path));
  }

  private Path findFile(String path) {
    Path file = find(path);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new HttpError(400, "no regular file: " + path);
    }
    return file;
  }
}
