package org.apache.heron.client.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyPackageTest {
  @TempDir Path directory;
  private Path conf;
  private TopologyPackage content;

  @BeforeEach
  void makeFiles() throws IOException {
    conf = Files.createDirectory(directory.resolve("conf"));
    Files.writeString(conf.resolve("scheduler.yaml"), "a: b");
    Files.writeString(conf.resolve("override.yaml"), "loses: true");
    Files.createSymbolicLink(conf.resolve("linked.yaml"), conf.resolve("scheduler.yaml"));
    Files.writeString(Files.createDirectory(conf.resolve("deep")).resolve("x.yaml"), "x");
    content =
        new TopologyPackage(
            Files.writeString(directory.resolve("words.jar"), "jar"),
            Files.writeString(directory.resolve("words.defn"), "defn"),
            conf,
            Files.writeString(directory.resolve("release.yaml"), "release"),
            Files.writeString(directory.resolve("override.yaml"), "wins: true"));
  }

  @Test
  void entriesAreUpstreamsWithLinksFollowed() throws IOException {
    Path file = directory.resolve("topology.tar.gz");
    content.write(file);
    assertThat(entries(file))
        .containsExactly(
            "words.jar=jar",
            "words.defn=defn",
            "./heron-conf/deep/x.yaml=x",
            "./heron-conf/linked.yaml=a: b",
            "./heron-conf/override.yaml=wins: true",
            "./heron-conf/release.yaml=release",
            "./heron-conf/scheduler.yaml=a: b");
  }

  @Test
  void theSameContentGivesTheSameBytes() throws IOException {
    content.write(directory.resolve("one"));
    Files.setLastModifiedTime(directory.resolve("words.jar"), FileTime.fromMillis(1000));
    content.write(directory.resolve("two"));
    assertThat(directory.resolve("one")).hasSameBinaryContentAs(directory.resolve("two"));
  }

  @Test
  void aLinkToItselfIsTold() throws IOException {
    Files.createSymbolicLink(conf.resolve("loop"), conf);
    assertThatThrownBy(() -> content.write(directory.resolve("one")))
        .hasMessageContaining("has a link to itself at");
  }

  private static List<String> entries(Path file) throws IOException {
    List<String> entries = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GzipCompressorInputStream(Files.newInputStream(file)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.add(
            entry.getName()
                + "="
                + new String(tar.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    return entries;
  }
}
