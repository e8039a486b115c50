package org.apache.heron.uploader.scp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.uploader.scp.SshOptions.HostCheck;
import org.apache.heron.uploader.scp.SshOptions.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SshOptionsTest {
  private static final String KEY = "heron.uploader.ssh.command.options";

  private static SshOptions parse(String text, Program program) {
    return SshOptions.of(
        Config.of(Map.of(KEY, text), Map.of(KEY, "uploader.yaml:3")), KEY, program);
  }

  @Test
  void withoutOptionsTheUsualOnesCount() {
    SshOptions options = parse("  ", Program.SSH);
    assertThat(options.port()).isEqualTo(22);
    assertThat(options.hostCheck()).isEqualTo(HostCheck.STRICT);
    assertThat(options.identities()).isEmpty();
    assertThat(options.knownHosts()).isEmpty();
    assertThat(options.connectTimeout()).isEmpty();
    assertThat(SshOptions.of(Config.of(Map.of()), KEY, Program.SSH)).isEqualTo(options);
  }

  @Test
  void optionsOfBothProgramsAreRead() {
    SshOptions ssh =
        parse(
            "-q -i /k/one -i~/two -p 2222 -l ada -o ConnectTimeout=7 -oStrictHostKeyChecking=no"
                + " -o BatchMode=yes -o UserKnownHostsFile=/k/hosts",
            Program.SSH);
    assertThat(ssh.identities())
        .containsExactly(
            Path.of("/k/one"), Path.of(System.getProperty("user.home")).resolve("two"));
    assertThat(ssh.port()).isEqualTo(2222);
    assertThat(ssh.user()).hasValue("ada");
    assertThat(ssh.connectTimeout()).hasValue(Duration.ofSeconds(7));
    assertThat(ssh.hostCheck()).isEqualTo(HostCheck.OFF);
    assertThat(ssh.knownHosts()).containsExactly(Path.of("/k/hosts"));
    SshOptions scp = parse("-p -P2222 -o StrictHostKeyChecking=accept-new -o User=x", Program.SCP);
    assertThat(scp.port()).as("-p is something else to scp").isEqualTo(2222);
    assertThat(scp.hostCheck()).isEqualTo(HostCheck.ACCEPT_NEW);
    assertThat(scp.user()).hasValue("x");
  }

  @ParameterizedTest
  @CsvSource({
    "-J gate, SSH",
    "-F config, SSH",
    "-l 100, SCP",
    "-P 22, SSH",
    "-o ProxyCommand=x, SSH",
    "words, SSH",
    "--, SSH",
    "-, SSH",
  })
  void optionsThatItDoesNotKnowAreRefused(String text, Program program) {
    assertThatThrownBy(() -> parse(text, program))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(KEY + " is '" + text + "' (from uploader.yaml:3)")
        .hasMessageContaining("options that this client knows")
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "-i, wants a value",
    "-p 0, is no port",
    "-p 70000, is no port",
    "-p x, is no port",
    "-o ConnectTimeout=0, is no number of seconds",
    "-o ConnectTimeout, written as -o Name=value",
    "-o =x, written as -o Name=value",
    "-o StrictHostKeyChecking=maybe, 'yes, accept-new or no'",
  })
  void valuesThatAreNoneAreRefused(String text, String message) {
    assertThatThrownBy(() -> parse(text, Program.SSH))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"''", "a b", "@host", "ada@", "-oProxyCommand=x", "ada@-host", "host:22"})
  void connectionsThatAreNoneAreRefused(String text) {
    Config config = Config.of(Map.of("heron.uploader.ssh.command.connection", text));
    assertThatThrownBy(
            () -> SshTarget.of(config, "heron.uploader.ssh.command.connection", KEY, Program.SSH))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("user@host");
  }
}
