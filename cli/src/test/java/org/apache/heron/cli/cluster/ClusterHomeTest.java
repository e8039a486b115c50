package org.apache.heron.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What a user is told to type finds the cluster that was started. */
class ClusterHomeTest {
  private static String stop(String... arguments) {
    return CommandLine.populateCommand(new ClusterHome(), arguments).command("stop");
  }

  @Test
  void theUsualDirectoryNeedsNoWord() {
    assertThat(stop()).isEqualTo("heron cluster stop");
  }

  @Test
  void anotherDirectoryIsPartOfTheCommandAsAShellReadsIt() {
    assertThat(stop("--directory", "/var/lib/heron-1"))
        .isEqualTo("heron cluster stop --directory /var/lib/heron-1");
    assertThat(stop("--directory=/home/ada's files"))
        .isEqualTo("heron cluster stop --directory '/home/ada'\\''s files'");
  }
}
