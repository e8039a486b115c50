package org.apache.heron.minicluster.agent.fetcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/** Writes archives for tests, good ones and bad ones; the file's name says of which kind. */
public abstract class TestArchives implements AutoCloseable {
  public abstract void directory(String name, int mode) throws IOException;

  public abstract void file(String name, int mode, String text) throws IOException;

  public abstract void link(String name, String target) throws IOException;

  @Override
  public abstract void close() throws IOException;

  public static TestArchives create(Path file) throws IOException {
    String name = file.getFileName().toString();
    OutputStream out = Files.newOutputStream(file);
    if (name.endsWith(".zip")) {
      return new Zip(new ZipArchiveOutputStream(out));
    }
    if (name.endsWith("gz")) {
      return new Tar(new TarArchiveOutputStream(new GZIPOutputStream(out)));
    }
    return new Tar(
        new TarArchiveOutputStream(
            name.endsWith("bz2") ? new BZip2CompressorOutputStream(out) : out));
  }

  private static final class Tar extends TestArchives {
    private final TarArchiveOutputStream out;

    Tar(TarArchiveOutputStream out) {
      this.out = out;
    }

    private void put(TarArchiveEntry entry, byte[] content) throws IOException {
      entry.setSize(content.length);
      out.putArchiveEntry(entry);
      out.write(content);
      out.closeArchiveEntry();
    }

    @Override
    public void directory(String name, int mode) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_DIR, true);
      entry.setMode(mode);
      put(entry, new byte[0]);
    }

    @Override
    public void file(String name, int mode, String text) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, true);
      entry.setMode(mode);
      put(entry, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void link(String name, String target) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK, true);
      entry.setLinkName(target);
      put(entry, new byte[0]);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  private static final class Zip extends TestArchives {
    private final ZipArchiveOutputStream out;

    Zip(ZipArchiveOutputStream out) {
      this.out = out;
    }

    private void put(String name, int mode, String content) throws IOException {
      ZipArchiveEntry entry = new ZipArchiveEntry(name);
      entry.setUnixMode(mode);
      out.putArchiveEntry(entry);
      out.write(content.getBytes(StandardCharsets.UTF_8));
      out.closeArchiveEntry();
    }

    @Override
    public void directory(String name, int mode) throws IOException {
      put(name, UnixStat.DIR_FLAG | mode, "");
    }

    @Override
    public void file(String name, int mode, String text) throws IOException {
      put(name, UnixStat.FILE_FLAG | mode, text);
    }

    @Override
    public void link(String name, String target) throws IOException {
      put(name, UnixStat.LINK_FLAG | 0777, target);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
