package org.apache.heron.executor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged downloader, with the libraries that are packed beside it. */
@Tag("packaged")
@Timeout(120)
class HeronDownloaderIT {
  private static final Path CORE = Path.of("target/heron-core.tar.gz").toAbsolutePath();

  @TempDir Path directory;

  private String run(int status, List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(status);
    return output;
  }

  @Test
  void aPackageIsFetchedBesideTheCoreAndAMissingOneIsNamed() throws Exception {
    run(0, List.of("tar", "xzf", CORE.toString()));
    Files.writeString(directory.resolve("words.jar"), "jar");
    run(0, List.of("tar", "czf", "p.tar.gz", "words.jar"));
    Files.delete(directory.resolve("words.jar"));
    String program = "./heron-core/bin/heron-downloader";
    String uri = directory.resolve("p.tar.gz").toUri().toString();
    assertThat(run(0, List.of(program, "-u", uri, "-f", "."))).isEmpty();
    assertThat(directory.resolve("words.jar")).hasContent("jar");
    assertThat(run(1, List.of(program, "file:///none/p.tar.gz", "out")))
        .startsWith("heron-downloader: Cannot download 'file:///none/p.tar.gz' to 'out': ")
        .hasLineCount(1);
    assertThat(directory.resolve("out")).doesNotExist();
    assertThat(run(2, List.of(program, "one"))).contains("usage: heron-downloader");
  }
}
