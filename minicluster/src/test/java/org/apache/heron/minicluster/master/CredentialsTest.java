package org.apache.heron.minicluster.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("credentials"), text);
  }

  @Test
  void bothFormsOfTheFileAreRead() throws IOException {
    assertThat(Credentials.read(file("heron s3cret\n\nother word\n"))).isNotNull();
    assertThat(
            Credentials.read(
                file("{\"credentials\":[{\"principal\":\"heron\",\"secret\":\"s3cret\"}]}")))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "heron",
        "{",
        "{}",
        "{\"credentials\":[{\"principal\":\"heron\"}]}",
        "{\"credentials\":7}"
      })
  void aFileThatHoldsNoCredentialsIsNamed(String text) throws IOException {
    Path file = file(text);
    assertThatThrownBy(() -> Credentials.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> Credentials.read(directory.resolve("none")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none");
  }
}
