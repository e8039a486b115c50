package org.apache.heron.client.bundle;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.apache.heron.client.ClientException;

/**
 * What goes into {@code topology.tar.gz}. The same content gives the same bytes: entries are
 * sorted, and carry no times and no owners.
 *
 * @param topologyFile the user's jar or archive
 * @param definition {@code <topology>.defn}
 * @param configDirectory of the cluster; becomes {@code heron-conf}
 * @param releaseFile becomes {@code heron-conf/release.yaml}, under its own name
 * @param overrideFile becomes {@code heron-conf/override.yaml}
 */
public record TopologyPackage(
    Path topologyFile, Path definition, Path configDirectory, Path releaseFile, Path overrideFile) {
  private static final String CONF = "./heron-conf/";
  private static final int FILE_MODE = 0100644;
  private static final int EXECUTABLE_MODE = 0100755;

  /**
   * Writes the package, without ever holding a whole file in memory.
   *
   * @throws ClientException if a file cannot be read, or the package not be written
   */
  public void write(Path target) {
    GzipParameters parameters = new GzipParameters();
    parameters.setModificationTime(0);
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(target));
        OutputStream zipped = new GzipCompressorOutputStream(file, parameters);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(zipped)) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      add(tar, topologyFile.getFileName().toString(), topologyFile);
      add(tar, definition.getFileName().toString(), definition);
      for (Map.Entry<String, Path> entry : configuration().entrySet()) {
        add(tar, entry.getKey(), entry.getValue());
      }
    } catch (IOException e) {
      throw new ClientException(
          "Cannot build the topology package '" + target + "': " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof FileSystemLoopException) {
      return "the configuration directory has a link to itself at " + e.getMessage();
    }
    // Without a reason the message is nothing but the file's name.
    boolean onlyName = e instanceof FileSystemException of && of.getReason() == null;
    return onlyName || e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private Map<String, Path> configuration() throws IOException {
    Map<String, Path> files = new TreeMap<>();
    // Links are followed, so that a container gets the files they lead to.
    try (Stream<Path> tree = Files.walk(configDirectory, FileVisitOption.FOLLOW_LINKS)) {
      List<Path> regular = tree.filter(Files::isRegularFile).toList();
      for (Path path : regular) {
        files.put(CONF + configDirectory.relativize(path), path);
      }
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
    files.put(CONF + releaseFile.getFileName(), releaseFile);
    files.put(CONF + overrideFile.getFileName(), overrideFile);
    return files;
  }

  private static void add(TarArchiveOutputStream tar, String name, Path file) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(Files.size(file));
    entry.setMode(mayRun(file) ? EXECUTABLE_MODE : FILE_MODE);
    entry.setModTime(0);
    entry.setIds(0, 0);
    entry.setNames("", "");
    tar.putArchiveEntry(entry);
    Files.copy(file, tar);
    tar.closeArchiveEntry();
  }

  private static boolean mayRun(Path file) throws IOException {
    Set<java.nio.file.attribute.PosixFilePermission> permissions =
        Files.getPosixFilePermissions(file);
    return permissions.contains(java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE);
  }
}
