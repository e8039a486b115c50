package org.apache.heron.uploader.localfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.uploader.UploaderException;
import org.apache.heron.uploader.NullUploader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileSystemUploaderTest {
  @TempDir Path directory;
  private Path source;
  private Path store;
  private Path target;

  @BeforeEach
  void writePackage() throws IOException {
    source = Files.writeString(directory.resolve("topology.tar.gz"), "new package");
    store = directory.resolve("repository/topologies");
    target = store.resolve("words-ada-tag-0.tar.gz");
  }

  @Test
  void thePackageIsCopiedUnderItsGeneratedName() {
    try (LocalFileSystemUploader uploader = uploader(store)) {
      URI uri = uploader.uploadPackage();
      assertThat(uri).hasToString("file://" + target);
      assertThat(target).hasContent("new package");
    }
    assertThat(store).isDirectoryContaining(p -> p.equals(target));
    assertThat(store.toFile().list()).hasSize(1);
  }

  @Test
  void undoRestoresWhatWasThere() throws IOException {
    Files.createDirectories(store);
    Files.writeString(target, "old package");
    try (LocalFileSystemUploader uploader = uploader(store)) {
      uploader.uploadPackage();
      assertThat(target).hasContent("new package");
      assertThat(uploader.undo()).isTrue();
      assertThat(target).hasContent("old package");
    }
    assertThat(store.toFile().list()).hasSize(1);
  }

  @Test
  void undoOfAFirstUploadLeavesNothing() {
    try (LocalFileSystemUploader uploader = uploader(store)) {
      uploader.uploadPackage();
      assertThat(uploader.undo()).isTrue();
      assertThat(store).doesNotExist();
      assertThat(uploader.undo()).isTrue();
    }
  }

  @Test
  void aReplacedPackageIsForgottenOnClose() throws IOException {
    Files.createDirectories(store);
    Files.writeString(target, "old package");
    try (LocalFileSystemUploader uploader = uploader(store)) {
      uploader.uploadPackage();
    }
    assertThat(store.toFile().list()).containsExactly("words-ada-tag-0.tar.gz");
  }

  @Test
  void deleteRemovesPackageAndDirectoryAndMayBeRepeated() {
    try (LocalFileSystemUploader uploader = uploader(store)) {
      uploader.uploadPackage();
      uploader.delete();
      uploader.delete();
    }
    assertThat(store).doesNotExist();
    assertThat(store.getParent()).exists();
  }

  @Test
  void deleteSparesTheOtherPackages() throws IOException {
    try (LocalFileSystemUploader uploader = uploader(store)) {
      uploader.uploadPackage();
      Path other = Files.writeString(store.resolve("other-ada-tag-0.tar.gz"), "other");
      uploader.delete();
      assertThat(other).exists();
    }
  }

  @Test
  void aPackageThatIsNotThereIsNamed() throws IOException {
    Files.delete(source);
    try (LocalFileSystemUploader uploader = uploader(store)) {
      assertThatThrownBy(uploader::uploadPackage)
          .isInstanceOf(UploaderException.class)
          .hasMessage("Topology package '" + source + "' does not exist");
      assertThat(store).doesNotExist();
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "in the way");
    try (LocalFileSystemUploader uploader = uploader(file.resolve("below"))) {
      assertThatThrownBy(uploader::uploadPackage)
          .isInstanceOf(UploaderException.class)
          .hasMessageContaining("check heron.uploader.localfs.file.system.directory");
    }
  }

  @Test
  void aPathThatNoFetcherCanTakeIsRefused() {
    try (LocalFileSystemUploader uploader = uploader(directory.resolve("my packages"))) {
      assertThatThrownBy(uploader::uploadPackage)
          .isInstanceOf(UploaderException.class)
          .hasMessageContaining("cannot stand in a URI");
      assertThat(directory.resolve("my packages")).doesNotExist();
    }
  }

  @Test
  void theNullUploaderKeepsNothing() {
    try (NullUploader uploader = new NullUploader()) {
      uploader.initialize(Config.of(Map.of()));
      assertThat(uploader.uploadPackage()).hasToString("null://uploader:9519/w#lanfang");
      assertThat(uploader.undo()).isTrue();
      uploader.delete();
    }
  }

  private LocalFileSystemUploader uploader(Path store) {
    LocalFileSystemUploader uploader = new LocalFileSystemUploader();
    uploader.initialize(
        Config.of(
            Map.of(
                "heron.topology.name",
                "words",
                "heron.config.role",
                "ada",
                "heron.topology.package.file",
                source.toString(),
                "heron.uploader.localfs.file.system.directory",
                store.toString())));
    return uploader;
  }
}
