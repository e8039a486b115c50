package org.apache.heron.downloader.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementTest {
  @TempDir Path directory;
  private Path content;
  private Path destination;
  private Path aside;

  @BeforeEach
  void make() throws IOException {
    content = Files.createDirectories(directory.resolve("content"));
    destination = Files.createDirectories(directory.resolve("destination"));
    aside = directory.resolve("aside");
    Files.createDirectories(content.resolve("conf"));
    Files.writeString(content.resolve("conf/a"), "new a");
    Files.writeString(content.resolve("words.jar"), "new");
    Files.createDirectories(destination.resolve("conf"));
    Files.writeString(destination.resolve("conf/a"), "old a");
    Files.writeString(destination.resolve("conf/b"), "old b");
    Files.writeString(destination.resolve("other"), "other");
  }

  @Test
  void directoriesAreJoinedAndFilesReplaced() throws IOException {
    Placement.move(content, destination, aside);
    assertThat(destination.resolve("conf/a")).hasContent("new a");
    assertThat(destination.resolve("conf/b")).hasContent("old b");
    assertThat(destination.resolve("words.jar")).hasContent("new");
    assertThat(destination.resolve("other")).hasContent("other");
  }

  @Test
  void aLinkIsReplacedAndNotFollowed() throws IOException {
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
    Files.delete(destination.resolve("conf/a"));
    Files.delete(destination.resolve("conf/b"));
    Files.delete(destination.resolve("conf"));
    Files.createSymbolicLink(destination.resolve("conf"), elsewhere);
    Placement.move(content, destination, aside);
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(destination.resolve("conf")).isDirectory();
    assertThat(Files.isSymbolicLink(destination.resolve("conf"))).isFalse();
  }

  @Test
  void whatCannotBeMovedWholeIsMovedBack() throws IOException {
    Files.createDirectories(destination.resolve("words.jar/x"));
    assertThatThrownBy(() -> Placement.move(content, destination, aside))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a directory, but a file in the package");
    assertThat(destination.resolve("conf/a")).hasContent("old a");
    assertThat(content.resolve("conf/a")).hasContent("new a");
    assertThat(destination.resolve("words.jar/x")).exists();
  }
}
