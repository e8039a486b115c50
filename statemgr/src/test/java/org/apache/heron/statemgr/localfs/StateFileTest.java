package org.apache.heron.statemgr.localfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are created on file systems of all kinds. */
class StateFileTest {
  @TempDir Path directory;

  /** As the JDK says it: EPERM of exFAT, EOPNOTSUPP of others, and what it declares. */
  static Stream<StateFile.Links> without() {
    return Stream.of(
        (link, existing) -> {
          throw new FileSystemException(link + "", existing + "", "Operation not permitted");
        },
        (link, existing) -> {
          throw new FileSystemException(link + "", existing + "", "Operation not supported");
        },
        (link, existing) -> {
          throw new UnsupportedOperationException();
        });
  }

  private StateFile file(StateFile.Links links) {
    return new StateFile(directory.resolve("topologies/words"), links);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("without")
  void whereThereAreNoLinksAValueIsCreatedOnceAllTheSame(StateFile.Links links) throws Exception {
    StateFile file = file(links);
    assertThat(file.create(bytes("first"))).isTrue();
    assertThat(file.create(bytes("second"))).isFalse();
    assertThat(file.path()).hasContent("first");
    Files.writeString(file.path(), "");
    assertThat(file.create(bytes("third"))).as("an empty file counts as absent").isTrue();
    assertThat(file.path()).hasContent("third");
    try (Stream<Path> left = Files.list(file.path().getParent())) {
      assertThat(left).containsExactly(file.path());
    }
  }

  @Test
  void aRefusalIsNoLackOfLinks() {
    StateFile file =
        file(
            (link, existing) -> {
              throw new AccessDeniedException(link + "");
            });
    assertThatThrownBy(() -> file.create(bytes("first"))).isInstanceOf(AccessDeniedException.class);
    assertThat(file.path()).doesNotExist();
  }
}
