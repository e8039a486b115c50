package org.apache.heron.client.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarExtractorTest {
  @TempDir Path directory;
  private Path target;

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createDirectory(directory.resolve("target"));
  }

  private interface Content {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  @Test
  void filesDirectoriesAndLinksAreExtracted() throws IOException {
    Path archive =
        archive(
            true,
            tar -> {
              file(tar, "libs/a.jar", "a");
              link(tar, "libs/latest.jar", "a.jar");
            });
    TarExtractor.extract(archive, true, target);
    assertThat(target.resolve("libs/latest.jar")).hasContent("a");
    assertThat(TarListing.names(archive)).contains("libs/a.jar");
  }

  @Test
  void nothingIsWrittenOutside() throws IOException {
    refused(tar -> file(tar, "../escaped", "x"));
    refused(tar -> link(tar, "out", "../.."));
    refused(tar -> link(tar, "out", "/etc"));
    refused(
        tar -> {
          TarArchiveEntry hard = new TarArchiveEntry("hard", TarConstants.LF_LINK);
          hard.setLinkName("../secret");
          tar.putArchiveEntry(hard);
          tar.closeArchiveEntry();
        });
    assertThat(directory.resolve("escaped")).doesNotExist();
  }

  @Test
  void deviceFilesAndBrokenArchivesAreRefused() throws IOException {
    Path pipe =
        archive(
            false,
            tar -> {
              tar.putArchiveEntry(new TarArchiveEntry("pipe", TarConstants.LF_FIFO));
              tar.closeArchiveEntry();
            });
    assertThatThrownBy(() -> TarExtractor.extract(pipe, false, target))
        .hasMessageContaining("neither file, directory nor link");
    Path broken = Files.writeString(directory.resolve("broken.tar.gz"), "not gzip");
    assertThatThrownBy(() -> TarExtractor.extract(broken, true, target))
        .hasMessageStartingWith("Cannot extract topology file '" + broken + "'");
  }

  private void refused(Content content) throws IOException {
    Path archive = archive(false, content);
    assertThatThrownBy(() -> TarExtractor.extract(archive, false, target))
        .hasMessageContaining("reaches outside the archive");
  }

  private Path archive(boolean compressed, Content content) throws IOException {
    Path archive = directory.resolve("archive" + System.nanoTime());
    try (OutputStream file = Files.newOutputStream(archive);
        OutputStream out = compressed ? new GzipCompressorOutputStream(file) : file;
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      content.write(tar);
    }
    return archive;
  }

  private static void file(TarArchiveOutputStream tar, String name, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream tar, String name, String to) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
    entry.setLinkName(to);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }
}
