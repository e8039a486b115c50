package org.apache.heron.downloader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/** Makes tar archives, good ones and bad ones. */
public final class Archives {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

  public Archives() {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
  }

  /** A package as submit makes them. */
  public static byte[] topology(String text) throws IOException {
    return new Archives()
        .file("words.jar", text, 0644)
        .file("./heron-conf/client.yaml", "a: b", 0644)
        .file("heron-conf/run.sh", "#!/bin/sh", 0750)
        .gzipped();
  }

  public Archives file(String name, String content, int mode) throws IOException {
    return file(name, content.getBytes(StandardCharsets.UTF_8), mode);
  }

  public Archives file(String name, byte[] content, int mode) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
    return this;
  }

  public Archives directory(String name, int mode) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name + "/", true);
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
    return this;
  }

  /**
   * @param type of tar: 1 hard link, 2 symbolic link, 3 device, 6 pipe
   */
  public Archives special(String name, char type, String target) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, (byte) type, true);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
    return this;
  }

  /**
   * An archive of one sparse file in GNU tar's old form: nothing but holes.
   *
   * @param bytes its size on the disk
   */
  public static byte[] sparse(String name, long bytes) throws IOException {
    byte[] archive = new Archives().file(name, new byte[0], 0644).plain();
    archive[156] = 'S';
    put(archive, 257, "ustar  \0");
    // One piece without bytes at the end: "Basic Tar Format" and "Old GNU Format" of tar's manual.
    put(archive, 386, String.format("%011o\0%011o\0", bytes, 0));
    put(archive, 483, String.format("%011o\0", bytes));
    put(archive, 148, " ".repeat(8));
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += archive[i] & 0xff;
    }
    put(archive, 148, String.format("%06o\0 ", sum));
    return archive;
  }

  private static void put(byte[] archive, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, archive, at, bytes.length);
  }

  public byte[] plain() throws IOException {
    tar.finish();
    return bytes.toByteArray();
  }

  public byte[] gzipped() throws IOException {
    byte[] content = plain();
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GzipCompressorOutputStream gzip = new GzipCompressorOutputStream(zipped)) {
      gzip.write(content);
    }
    return zipped.toByteArray();
  }
}
