package org.apache.heron.downloader.unpack;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Opens a tar archive that may be anybody's: nothing in it can write outside the target directory,
 * become a device, or keep another owner's rights. Permissions and links are kept.
 */
public final class TarUnpacker {
  private static final int MOST_ENTRIES = 100_000;
  private static final long MOST_BYTES = 8L << 30;

  private static final Map<Integer, PosixFilePermission> BITS =
      Map.of(
          0400, PosixFilePermission.OWNER_READ,
          0200, PosixFilePermission.OWNER_WRITE,
          0100, PosixFilePermission.OWNER_EXECUTE,
          0040, PosixFilePermission.GROUP_READ,
          0020, PosixFilePermission.GROUP_WRITE,
          0010, PosixFilePermission.GROUP_EXECUTE,
          0004, PosixFilePermission.OTHERS_READ,
          0002, PosixFilePermission.OTHERS_WRITE,
          0001, PosixFilePermission.OTHERS_EXECUTE);

  /** A directory's permissions, set when nothing is written below it any more. */
  private record Closing(Path directory, int mode) {}

  private final Path root;
  private final long mostBytes;
  private final Deque<Closing> directories = new ArrayDeque<>();
  private final List<Path> links = new ArrayList<>();
  private int entries;
  private long bytes;

  private TarUnpacker(Path root, long mostBytes) {
    this.root = root;
    this.mostBytes = mostBytes;
  }

  /**
   * Unpacks all of it.
   *
   * @param compressed by gzip
   * @param target a directory that is there
   * @throws IOException if it is broken, too large, empty, or reaches outside the target
   */
  public static void unpack(Path archive, boolean compressed, Path target) throws IOException {
    unpack(archive, compressed, target, MOST_BYTES);
  }

  /**
   * As {@link #unpack(Path, boolean, Path)}.
   *
   * @param mostBytes that may be written
   */
  static void unpack(Path archive, boolean compressed, Path target, long mostBytes)
      throws IOException {
    TarUnpacker unpacker = new TarUnpacker(target.toRealPath(), mostBytes);
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        InputStream plain = compressed ? gunzip(file) : file;
        TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpacker.add(tar, entry);
      }
      // To the very end, where the checksum is.
      unpacker.copy(plain, OutputStream.nullOutputStream());
    } catch (IllegalArgumentException e) {
      // The library's parsers throw unchecked exceptions for some broken archives.
      throw new IOException("it is broken: " + e.getMessage(), e);
    }
    unpacker.close();
  }

  /** Of all members, because gzip files may be concatenated. */
  private static InputStream gunzip(InputStream file) throws IOException {
    return GzipCompressorInputStream.builder()
        .setInputStream(file)
        .setDecompressConcatenated(true)
        .get();
  }

  private void close() throws IOException {
    if (entries == 0) {
      throw new IOException("it is empty");
    }
    for (Path link : links) {
      // Several links, each of which stays inside, can lead out together.
      if (Files.isSymbolicLink(link) && new LinkPath(root).leadsOut(link)) {
        throw new IOException("entry '" + root.relativize(link) + "' reaches outside the archive");
      }
    }
    while (!directories.isEmpty()) {
      Closing last = directories.removeLast();
      // The owner must be able to go on, whatever the archive says.
      permit(last.directory(), last.mode() | 0700);
    }
  }

  private void add(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
    if (++entries > MOST_ENTRIES) {
      throw new IOException("it has more than " + MOST_ENTRIES + " entries");
    }
    if (entry.getSize() > mostBytes - bytes) {
      throw tooLarge();
    }
    Path path = inside(entry.getName(), entry);
    if (path.equals(root)) {
      return;
    }
    makeDirectory(path.getParent(), entry);
    if (entry.isDirectory()) {
      makeDirectory(path, entry);
      if (!Files.isSymbolicLink(path)) {
        directories.add(new Closing(path, entry.getMode()));
      }
    } else if (entry.isSymbolicLink()) {
      link(entry, path);
    } else if (entry.isLink()) {
      Path source = inside(entry.getLinkName(), entry);
      if (!Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)
          || !source.toRealPath().startsWith(root)) {
        throw new IOException("entry '" + entry.getName() + "' is a link to no file before it");
      }
      makeWay(path, entry);
      try (InputStream content = Files.newInputStream(source)) {
        write(content, path);
      }
      Files.setPosixFilePermissions(path, Files.getPosixFilePermissions(source));
    } else if (entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice()) {
      throw new IOException("entry '" + entry.getName() + "' is neither file, directory nor link");
    } else {
      makeWay(path, entry);
      write(tar, path);
      permit(path, entry.getMode() | 0600);
    }
  }

  private IOException tooLarge() {
    return new IOException("it has more than " + mostBytes + " bytes");
  }

  private static void makeWay(Path path, TarArchiveEntry entry) throws IOException {
    try {
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException e) {
      throw new IOException(
          "entry '" + entry.getName() + "' is a directory in another place of the archive", e);
    }
  }

  private void write(InputStream content, Path path) throws IOException {
    try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
      copy(content, out);
    }
  }

  /**
   * Counts what comes, not what entries say: a sparse file or a hundred links to one file are short
   * in the archive and long on the disk.
   */
  private void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      bytes += n;
      if (bytes > mostBytes) {
        throw tooLarge();
      }
      to.write(buffer, 0, n);
    }
  }

  /** A link that was unpacked before must not lead out of the directory. */
  private void makeDirectory(Path directory, TarArchiveEntry entry) throws IOException {
    Path there = directory;
    while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.getParent();
    }
    if (!there.toRealPath().startsWith(root)) {
      throw outside(entry);
    }
    Files.createDirectories(directory);
  }

  private void link(TarArchiveEntry entry, Path path) throws IOException {
    Path link = path(entry.getLinkName(), entry);
    if (link.isAbsolute() || !path.getParent().resolve(link).normalize().startsWith(root)) {
      throw outside(entry);
    }
    makeWay(path, entry);
    Files.createSymbolicLink(path, link);
    links.add(path);
  }

  private Path inside(String name, TarArchiveEntry entry) throws IOException {
    Path relative = path(name, entry);
    for (Path part : relative) {
      if (part.toString().equals("..")) {
        throw outside(entry);
      }
    }
    if (relative.isAbsolute()) {
      throw outside(entry);
    }
    return root.resolve(relative).normalize();
  }

  private static Path path(String name, TarArchiveEntry entry) throws IOException {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new IOException("entry '" + entry.getName() + "' has no name that a file can have", e);
    }
  }

  private static IOException outside(TarArchiveEntry entry) {
    return new IOException("entry '" + entry.getName() + "' reaches outside the archive");
  }

  private static void permit(Path path, int mode) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    BITS.forEach(
        (bit, permission) -> {
          if ((mode & bit) != 0) {
            permissions.add(permission);
          }
        });
    Files.setPosixFilePermissions(path, permissions);
  }
}
