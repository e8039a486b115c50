package org.apache.heron.service.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackageArchiveTest {
  @TempDir Path directory;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = tar();

  private TarArchiveOutputStream tar() {
    try {
      return new TarArchiveOutputStream(new GZIPOutputStream(bytes));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private PackageArchiveTest file(String name, String text, int mode) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    entry.setMode(mode);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
    return this;
  }

  private PackageArchiveTest link(String name, byte kind, String target) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
    return this;
  }

  private Path unpack() throws IOException {
    tar.close();
    Path into = Files.createDirectories(directory.resolve("into"));
    PackageArchive.unpack(new ByteArrayInputStream(bytes.toByteArray()), into);
    return into;
  }

  @Test
  void filesComeWithWhatMakesThemPrograms() throws IOException {
    file("bin/run", "#!/bin/sh", 0755).file("conf/a.yaml", "a: 1", 0644);
    Path into = unpack();
    assertThat(into.resolve("bin/run")).isExecutable();
    assertThat(into.resolve("conf/a.yaml")).hasContent("a: 1");
    assertThat(Files.isExecutable(into.resolve("conf/a.yaml"))).isFalse();
  }

  @Test
  void linksLeadWhereTheyDidEvenToWhatComesLater() throws IOException {
    link("lib/libwords.so", TarConstants.LF_SYMLINK, "libwords.so.1");
    link("lib/hard.so", TarConstants.LF_LINK, "lib/libwords.so.1");
    link("current", TarConstants.LF_SYMLINK, "lib");
    file("lib/libwords.so.1", "words", 0755);
    Path into = unpack();
    assertThat(into.resolve("lib/libwords.so")).isSymbolicLink().hasContent("words");
    assertThat(into.resolve("lib/hard.so")).hasContent("words").isExecutable();
    assertThat(into.resolve("current/libwords.so.1")).hasContent("words");
  }

  @ParameterizedTest
  @CsvSource({
    "SYMLINK, bin/passwd, /etc/passwd",
    "SYMLINK, bin/passwd, ../../passwd",
    "SYMLINK, ../outside, bin",
    "LINK, passwd, /etc/passwd",
    "LINK, passwd, ../passwd",
    "LINK, missing, bin/nothing",
  })
  void linksThatLeadOutOrNowhereAreRefused(String kind, String name, String target)
      throws IOException {
    byte flag = kind.equals("LINK") ? TarConstants.LF_LINK : TarConstants.LF_SYMLINK;
    file("bin/run", "run", 0755).link(name, flag, target);
    assertThatThrownBy(this::unpack).isInstanceOf(IOException.class).hasMessageContaining("'");
    assertThat(directory.resolve("outside")).doesNotExist();
  }

  @Test
  void nothingIsWrittenThroughALink() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    link("door", TarConstants.LF_SYMLINK, "../outside").file("door/file", "in", 0644);
    assertThatThrownBy(this::unpack).hasMessageContaining("leads out of the package");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void pipesAndDevicesAreRefused() throws IOException {
    link("pipe", TarConstants.LF_FIFO, "");
    assertThatThrownBy(this::unpack).hasMessage("entry 'pipe' is no file, directory or link");
  }

  @Test
  void entriesThatLeadOutAreRefused() throws IOException {
    file("../outside", "x", 0644);
    assertThatThrownBy(this::unpack).hasMessageContaining("leads out of the package");
    assertThat(directory.resolve("outside")).doesNotExist();
  }
}
