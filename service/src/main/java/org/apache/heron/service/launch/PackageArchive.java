package org.apache.heron.service.launch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A package: a gzipped tar, of a topology's files and configuration or of heron-core. */
public final class PackageArchive {
  private static final int OWNER_EXECUTE = 0100;

  private PackageArchive() {}

  /**
   * A link of the archive; made when all files are written, so that none is written through it.
   *
   * @param target as the archive names it: of a symbolic link from where it lies, else from the top
   */
  private record Link(Path at, String target, boolean symbolic) {}

  /**
   * Unpacks into a directory. Entries and links that lead out of the directory are refused.
   *
   * @throws IOException if the stream is no such archive, or a file cannot be written
   */
  public static void unpack(InputStream stream, Path directory) throws IOException {
    Path root = directory.toAbsolutePath().normalize();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GZIPInputStream(new BufferedInputStream(stream)))) {
      List<Link> links = new ArrayList<>();
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
          throw new IOException("entry '" + entry.getName() + "' leads out of the package");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (entry.isSymbolicLink() || entry.isLink()) {
          // Asked before isFile, which is true of links, too.
          links.add(new Link(target, entry.getLinkName(), entry.isSymbolicLink()));
        } else if (entry.isFile() && !isSpecial(entry)) {
          write(tar, entry, target);
        } else {
          throw new IOException("entry '" + entry.getName() + "' is no file, directory or link");
        }
      }
      for (Link link : links) {
        make(link, root);
      }
    }
  }

  private static boolean isSpecial(TarArchiveEntry entry) {
    return entry.isFIFO() || entry.isBlockDevice() || entry.isCharacterDevice();
  }

  private static void make(Link link, Path root) throws IOException {
    Path from = link.symbolic() ? link.at().getParent() : root;
    Path target = from.resolve(link.target()).normalize();
    Files.createDirectories(link.at().getParent());
    boolean inside =
        target.startsWith(root)
            && link.at().startsWith(root)
            && link.at().getParent().toRealPath().startsWith(root.toRealPath());
    if (!inside || Path.of(link.target()).isAbsolute()) {
      throw new IOException(
          "link '"
              + root.relativize(link.at())
              + "' to '"
              + link.target()
              + "' leads out of the"
              + " package");
    }
    if (link.symbolic()) {
      Files.deleteIfExists(link.at());
      Files.createSymbolicLink(link.at(), Path.of(link.target()));
    } else if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      Files.copy(target, link.at(), StandardCopyOption.REPLACE_EXISTING);
    } else {
      throw new IOException(
          "link '"
              + root.relativize(link.at())
              + "' is to '"
              + link.target()
              + "', which is no"
              + " file of the package");
    }
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    Files.createDirectories(target.getParent());
    Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
    if ((entry.getMode() & OWNER_EXECUTE) != 0) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(target);
      permissions.add(PosixFilePermission.OWNER_EXECUTE);
      Files.setPosixFilePermissions(target, permissions);
    }
  }
}
