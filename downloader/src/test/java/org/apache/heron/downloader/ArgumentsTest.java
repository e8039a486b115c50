package org.apache.heron.downloader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.heron.downloader.Arguments.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
  private static Arguments parse(String line) throws UsageException {
    return Arguments.parse(List.of(line.split(" "))).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "-u http://h/p.tar.gz -f out",
    "--topology_package_uri http://h/p.tar.gz --extract_destination out",
    "--topology_package_uri=http://h/p.tar.gz -f out -m cluster",
    "http://h/p.tar.gz out",
  })
  void allOfUpstreamsFormsAreRead(String line) throws UsageException {
    Arguments arguments = parse(line);
    assertThat(arguments.uri()).hasToString("http://h/p.tar.gz");
    assertThat(arguments.destination()).isEqualTo(Path.of("out"));
    assertThat(arguments.configDirectory()).isEmpty();
  }

  @Test
  void modeLocalNamesTheConfiguration() throws UsageException {
    Arguments arguments = parse("-u /p.tar.gz -f out -m local -d /heron -p /heron/conf/nomad");
    assertThat(arguments.home()).hasValue(Path.of("/heron"));
    assertThat(arguments.configDirectory()).hasValue(Path.of("/heron/conf/nomad"));
    assertThat(Arguments.parse(List.of("-u", "x", "-h"))).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://h/p|the package's URI and the directory",
        "a b c|the package's URI and the directory",
        "-u http://h/p|the package's URI and the directory",
        "-u http://h/p -f out more|the package's URI and the directory",
        "-u http://h/p -f|-f wants a value",
        "-x y|there is no option -x",
        "-u relative -f out|is neither a URI nor an absolute path",
        "-u http://[ -f out|is no URI",
        "-u http://h/p -f out -m remote|must be cluster or local",
        "-u http://h/p -f out -m local|Missing heron_home or config_path argument",
        "-u http://h/p -f out -m local -d /heron|Missing heron_home or config_path argument",
      })
  void everythingElseIsRefused(String line, String message) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(message);
  }
}
