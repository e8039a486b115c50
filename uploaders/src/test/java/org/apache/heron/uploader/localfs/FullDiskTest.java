package org.apache.heron.uploader.localfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.uploader.UploaderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that may write files up to a size only stands for one whose disk is full. */
class FullDiskTest {
  @TempDir Path directory;

  /** In that process. */
  public static void main(String[] arguments) {
    LocalFileSystemUploader uploader = new LocalFileSystemUploader();
    uploader.initialize(
        Config.of(
            Map.of(
                "heron.topology.name",
                "words",
                "heron.config.role",
                "ada",
                "heron.topology.package.file",
                arguments[0],
                "heron.uploader.localfs.file.system.directory",
                arguments[1])));
    try (uploader) {
      uploader.uploadPackage();
    } catch (UploaderException e) {
      System.out.println(e.getMessage());
    }
  }

  @Test
  @Timeout(120)
  void aFullDiskIsNamedAndNothingIsLeftBehind() throws Exception {
    Path source = Files.write(directory.resolve("topology.tar.gz"), new byte[4 << 20]);
    Path store = directory.resolve("store");
    Path target = store.resolve("words-ada-tag-0.tar.gz");
    Files.createDirectories(store);
    Files.writeString(target, "the former package");
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 1024; exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                FullDiskTest.class.getName(),
                source.toString(),
                store.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(output)
        .contains("Cannot upload the topology package '" + source + "' to '" + target + "': ")
        .contains("it cannot be written")
        .contains("check heron.uploader.localfs.file.system.directory");
    assertThat(store.toFile().list()).containsExactly("words-ada-tag-0.tar.gz");
    assertThat(target).hasContent("the former package");
  }
}
