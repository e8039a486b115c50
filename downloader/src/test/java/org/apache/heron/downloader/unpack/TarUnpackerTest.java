package org.apache.heron.downloader.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.heron.downloader.Archives;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarUnpackerTest {
  @TempDir Path directory;
  private Path target;

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createDirectories(directory.resolve("inner/target"));
  }

  private void unpack(byte[] archive) throws IOException {
    TarUnpacker.unpack(Files.write(directory.resolve("a.tar.gz"), archive), true, target);
  }

  private void assertRefused(byte[] archive, String message) {
    assertThatThrownBy(() -> unpack(archive))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
    assertThat(directory.resolve("evil")).doesNotExist();
    assertThat(directory.resolve("inner/evil")).doesNotExist();
  }

  @Test
  void filesDirectoriesLinksAndPermissionsAreKept() throws IOException {
    unpack(
        new Archives()
            .directory("bin", 0500)
            .file("bin/run", "#!/bin/sh", 0755)
            .file("secret", "x", 04600)
            .file("n".repeat(150), "long", 0644)
            .special("link", '2', "bin/run")
            .special("bin/up", '2', "../secret")
            .special("same", '1', "secret")
            .gzipped());
    assertThat(permissions("bin")).as("its owner can go on").isEqualTo("rwx------");
    assertThat(permissions("bin/run")).isEqualTo("rwxr-xr-x");
    assertThat(permissions("secret")).isEqualTo("rw-------");
    assertThat(target.resolve("n".repeat(150))).hasContent("long");
    assertThat(target.resolve("link")).isSymbolicLink().hasContent("#!/bin/sh");
    assertThat(target.resolve("bin/up")).hasContent("x");
    assertThat(target.resolve("same")).hasContent("x");
  }

  private String permissions(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve(name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "a/../../evil", "a/../evil", "..", "/tmp/heron-evil"})
  void namesThatReachOutAreRefused(String name) throws IOException {
    assertRefused(new Archives().file(name, "x", 0644).gzipped(), "reaches outside the archive");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc", "..", "a/../..", "../../x"})
  void linksThatReachOutAreRefused(String to) throws IOException {
    assertRefused(
        new Archives().special("link", '2', to).file("link/evil", "x", 0644).gzipped(),
        "reaches outside the archive");
  }

  @Test
  void linksOverLinksCannotReachOutEither() throws IOException {
    assertRefused(
        new Archives()
            .directory("a", 0755)
            .special("a/b", '2', "..")
            .special("c", '2', "a/b/..")
            .file("c/evil", "x", 0644)
            .gzipped(),
        "reaches outside the archive");
    assertRefused(
        new Archives()
            .directory("x", 0755)
            .special("x/y", '2', "..")
            .special("z", '2', "x/y/..")
            .file("z/evil/deeper", "x", 0644)
            .gzipped(),
        "reaches outside the archive");
    assertRefused(
        new Archives()
            .directory("p", 0755)
            .special("p/q", '2', "..")
            .special("r", '2', "p/q/..")
            .gzipped(),
        "entry 'r' reaches outside the archive");
    assertRefused(
        new Archives().special("hard", '1', "../../a.tar.gz").gzipped(),
        "reaches outside the archive");
    assertRefused(new Archives().special("hard", '1', "none").gzipped(), "a link to no file");
  }

  @Test
  void aLinkToNothingMustStayInsideWhereverTheDirectoryIsMovedTo() throws IOException {
    // p/q is the archive's root, so that r, which looks like p/x, is beside the root.
    assertRefused(
        new Archives()
            .directory("p", 0755)
            .special("p/q", '2', "..")
            .special("r", '2', "p/q/../x")
            .gzipped(),
        "entry 'r' reaches outside the archive");
    assertRefused(
        new Archives().special("a", '2', "b").special("b", '2', "a").gzipped(),
        "reaches outside the archive");
    unpack(new Archives().file("f", "x", 0644).special("later", '2', "logs/./today").gzipped());
    assertThat(target.resolve("later")).isSymbolicLink();
  }

  /** Each is a few hundred bytes long. */
  @Test
  void archivesThatAreLargerOnTheDiskThanTheySayAreRefused() throws IOException {
    Archives links = new Archives().file("a", "x".repeat(1000), 0644);
    for (int i = 0; i < 20; i++) {
      links.special("link" + i, '1', "a");
    }
    assertTooLarge(links.plain());
    assertTooLarge(Archives.sparse("holes", 1 << 30));
    assertTooLarge(new Archives().file("a", "x".repeat(10_001), 0644).plain());
    byte[] end = new Archives().file("a", "x", 0644).plain();
    assertTooLarge(Arrays.copyOf(end, end.length + 30_000));
  }

  private void assertTooLarge(byte[] archive) throws IOException {
    Path file = Files.write(directory.resolve("a.tar"), archive);
    Path empty = Files.createTempDirectory(directory, "empty");
    assertThatThrownBy(() -> TarUnpacker.unpack(file, false, empty, 10_000))
        .isInstanceOf(IOException.class)
        .hasMessage("it has more than 10000 bytes");
    try (Stream<Path> written = Files.list(empty)) {
      assertThat(written.mapToLong(path -> path.toFile().length()).sum())
          .isLessThanOrEqualTo(10_000);
    }
  }

  @Test
  void aNameThatIsBothFileAndDirectoryIsNamed() throws IOException {
    assertRefused(
        new Archives().file("a/b", "x", 0644).file("a", "y", 0644).gzipped(),
        "entry 'a' is a directory in another place of the archive");
  }

  @Test
  void devicesAndPipesAreRefused() throws IOException {
    for (char type : new char[] {'3', '4', '6'}) {
      assertRefused(
          new Archives().special("thing", type, "").gzipped(),
          "is neither file, directory nor link");
    }
  }

  @Test
  void brokenArchivesAreErrors() throws IOException {
    byte[] good = Archives.topology("x".repeat(100_000));
    for (int length : new int[] {0, 1, 10, good.length / 2, good.length - 1}) {
      assertThatThrownBy(() -> unpack(Arrays.copyOf(good, length))).isInstanceOf(IOException.class);
    }
    byte[] changed = good.clone();
    changed[good.length - 6] ^= 1;
    assertThatThrownBy(() -> unpack(changed)).as("checksum").isInstanceOf(IOException.class);
    byte[] plain = new Archives().file("a", "x".repeat(2000), 0644).plain();
    plain[150] ^= 0x55;
    Path tar = Files.write(directory.resolve("a.tar"), plain);
    assertThatThrownBy(() -> TarUnpacker.unpack(tar, false, target))
        .as("a header whose checksum is wrong")
        .isInstanceOf(IOException.class);
    assertRefused(new Archives().gzipped(), "it is empty");
  }
}
