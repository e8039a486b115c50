package org.apache.heron.uploader.scp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.spi.uploader.UploaderException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ScpUploaderTest {
  @TempDir static Path keys;
  private static Sshd sshd;

  @TempDir Path directory;
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final List<Long> sent = new CopyOnWriteArrayList<>();
  private Path source;
  private Path store;
  private Path target;
  private Path knownHosts;

  /** One for all stories: making its keys takes longer than any of them. */
  @BeforeAll
  static void start() throws Exception {
    sshd = new Sshd(keys);
  }

  @AfterAll
  static void stop() throws IOException {
    sshd.close();
  }

  @BeforeEach
  void begin() throws Exception {
    sshd.reset();
    source = Files.writeString(directory.resolve("topology.tar.gz"), "the package");
    store = directory.resolve("store/topologies");
    target = store.resolve("words-ada-tag-0.tar.gz");
    knownHosts = Files.writeString(directory.resolve("known_hosts"), sshd.knownHost(0));
  }

  private String options(String portLetter) {
    return "-i %s %s %d -o UserKnownHostsFile=%s"
        .formatted(keys.resolve("id_ed25519"), portLetter, sshd.port(), knownHosts);
  }

  private ScpUploader uploader(Map<String, Object> values) {
    Map<String, Object> all = new HashMap<>();
    all.put("heron.topology.name", "words");
    all.put("heron.config.role", "ada");
    all.put("heron.topology.package.file", source.toString());
    all.put("heron.uploader.retry.count", 2);
    all.put("heron.uploader.retry.interval.ms", 1);
    all.put("heron.uploader.scp.command.options", options("-P"));
    all.put("heron.uploader.scp.command.connection", "ada@127.0.0.1");
    all.put("heron.uploader.ssh.command.options", options("-p"));
    all.put("heron.uploader.ssh.command.connection", "ada@127.0.0.1");
    all.put("heron.uploader.scp.dir.path", store.toString());
    all.putAll(values);
    ScpUploader uploader = new ScpUploader();
    uploader.progress(
        new UploadProgress() {
          @Override
          public void sent(long bytes, long total) {
            sent.add(bytes);
          }

          @Override
          public void notice(String line) {
            notices.add(line);
          }
        });
    uploader.initialize(Config.of(all));
    return uploader;
  }

  private void assertFails(Map<String, Object> values, String... messages) throws IOException {
    try (ScpUploader uploader = uploader(values)) {
      assertThatThrownBy(uploader::uploadPackage)
          .isInstanceOf(UploaderException.class)
          .hasMessageStartingWith(
              "Cannot upload the topology package '" + source + "' to 127.0.0.1:" + target + ": ")
          .hasMessageContainingAll(messages)
          .message()
          .doesNotContain("\n");
    }
    assertThat(files()).isEmpty();
  }

  private List<String> files() throws IOException {
    if (!Files.exists(store)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(store)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void thePackageIsCopiedBesideItsPlaceAndMovedThere() throws IOException {
    try (ScpUploader uploader = uploader(Map.of())) {
      assertThat(uploader.uploadPackage()).hasToString("file://" + target);
    }
    assertThat(target).hasContent("the package");
    assertThat(files()).containsExactly("words-ada-tag-0.tar.gz");
    assertThat(sshd.commands())
        .anyMatch(command -> command.startsWith("scp ") && command.endsWith(target + ".new"));
    assertThat(notices).isEmpty();
  }

  @Test
  void undoPutsBackWhatWasThereAndDeleteRemovesIt() throws IOException {
    try (ScpUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    Files.writeString(source, "another package");
    try (ScpUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
      assertThat(target).hasContent("another package");
      assertThat(uploader.undo()).isTrue();
      assertThat(target).hasContent("the package");
      uploader.delete();
      uploader.delete();
    }
    assertThat(store).doesNotExist();
    try (ScpUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
      assertThat(uploader.undo()).isTrue();
    }
    assertThat(store).as("as before the first upload").doesNotExist();
  }

  @Test
  void aWebServerMayStandBeforeThePath() {
    try (ScpUploader uploader =
        uploader(Map.of("heron.uploader.scp.download.uri", "http://files.example:8080/x"))) {
      assertThat(uploader.uploadPackage()).hasToString("http://files.example:8080/x" + target);
    }
    assertThatThrownBy(() -> uploader(Map.of("heron.uploader.scp.download.uri", "no uri")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("heron.uploader.scp.download.uri");
  }

  @Test
  void largePackagesTellHowFarTheyAre() throws IOException {
    Files.write(source, new byte[12 << 20]);
    try (ScpUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    assertThat(sent).hasSizeGreaterThan(10).isSorted();
    assertThat(target).hasSameBinaryContentAs(source);
  }

  @Test
  void aHostIsAskedForTheKeyThatIsKnown() throws IOException {
    Files.writeString(knownHosts, sshd.knownHost(1));
    try (ScpUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    assertThat(target).exists();
  }

  @Test
  void aHostThatIsNotKnownIsNotTrusted() throws Exception {
    Files.writeString(knownHosts, "# nobody\n");
    assertFails(Map.of(), "ada@127.0.0.1 port " + sshd.port() + " is not trusted", "ssh-keyscan");
    Files.writeString(knownHosts, sshd.line(Sshd.ecdsa()));
    assertFails(Map.of(), "it shows another key than the one in [" + knownHosts + "]");
    Files.writeString(knownHosts, sshd.knownHost(0) + "@revoked " + sshd.knownHost(0));
    assertFails(Map.of(), "is marked as revoked");
    Files.writeString(knownHosts, "[127.0.0.1]:" + sshd.port() + " ssh-rsa garbage!\n");
    assertFails(Map.of(), "is not trusted");
    assertThat(notices).as("no second attempt").isEmpty();
  }

  @Test
  void aNewHostIsAcceptedWhereThatIsWanted() throws IOException {
    Files.delete(knownHosts);
    Map<String, Object> accepting =
        Map.of(
            "heron.uploader.scp.command.options",
            options("-P") + " -o StrictHostKeyChecking=accept-new",
            "heron.uploader.ssh.command.options",
            options("-p") + " -o StrictHostKeyChecking=accept-new");
    try (ScpUploader uploader = uploader(accepting)) {
      uploader.uploadPackage();
    }
    assertThat(knownHosts).content().startsWith("[127.0.0.1]:" + sshd.port() + " ");
    try (ScpUploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
  }

  @Test
  void aHostThatNobodyChecksIsWarnedOf() throws IOException {
    Files.delete(knownHosts);
    try (ScpUploader uploader =
        uploader(
            Map.of(
                "heron.uploader.scp.command.options",
                options("-P") + " -o StrictHostKeyChecking=no",
                "heron.uploader.ssh.command.options",
                options("-p") + " -o StrictHostKeyChecking=no"))) {
      uploader.uploadPackage();
    }
    assertThat(notices).singleElement().asString().contains("can replace the package");
  }

  @Test
  void keysThatDoNotServeAreNamed() throws Exception {
    Path other = sshd.write(Sshd.ecdsa(), "id_other");
    Path garbage = Files.writeString(directory.resolve("id_garbage"), "no key\n");
    for (Map.Entry<Path, String> key :
        Map.of(
                other,
                "does not accept the keys of [" + other + "]; name another with -i in",
                garbage,
                "there is no private key in",
                directory.resolve("none"),
                "cannot be used: there is none")
            .entrySet()) {
      String file = key.getKey().toString();
      assertFails(
          Map.of(
              "heron.uploader.scp.command.options",
              options("-P").replace(keys.resolve("id_ed25519").toString(), file),
              "heron.uploader.ssh.command.options",
              options("-p").replace(keys.resolve("id_ed25519").toString(), file)),
          key.getValue());
    }
  }

  @Test
  void aKeyWithAPassphraseIsOpenedByTheOneInAFile() throws Exception {
    Path key = sshd.writeLocked("id_locked", "open it, please");
    Map<String, Object> locked = new HashMap<>();
    for (String[] each : new String[][] {{"scp", "-P"}, {"ssh", "-p"}}) {
      locked.put(
          "heron.uploader." + each[0] + ".command.options",
          options(each[1]).replace(keys.resolve("id_ed25519").toString(), key.toString()));
    }
    assertFails(
        locked, "it has a passphrase; put that into a file", "heron.uploader.ssh.passphrase.file");
    Path passphrase = Files.writeString(directory.resolve("passphrase"), "wrong\n");
    Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-------"));
    locked.put("heron.uploader.ssh.passphrase.file", passphrase.toString());
    assertFails(locked, "heron.uploader.ssh.passphrase.file does not open it");
    Files.writeString(passphrase, "open it, please\n");
    try (ScpUploader uploader = uploader(locked)) {
      uploader.uploadPackage();
    }
    assertThat(target).hasContent("the package");
    Files.writeString(passphrase, "two\nlines\n");
    assertThatThrownBy(() -> uploader(locked))
        .isInstanceOf(ConfigException.class)
        .message()
        .contains("one line")
        .doesNotContain("two");
    assertThat(notices).isEmpty();
  }

  @Test
  void nobodyListeningAndNobodyAnswering() throws IOException {
    // Bound, so that nobody else listens there.
    try (Socket closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = closed.getLocalPort();
      assertFails(ports(port), "no connection to ada@127.0.0.1 port " + port, "(tried 2 times)");
    }
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Map<String, Object> values = new HashMap<>(ports(silent.getLocalPort()));
      values.put("heron.uploader.timeout.ms", 300);
      assertFails(values, "does not finish the handshake", "(tried 2 times)");
    }
  }

  private Map<String, Object> ports(int port) {
    return Map.of(
        "heron.uploader.scp.command.options",
        options("-P").replace("-P " + sshd.port(), "-P " + port),
        "heron.uploader.ssh.command.options",
        options("-p").replace("-p " + sshd.port(), "-p " + port));
  }

  @Test
  void aFullDiskIsNamedAndNothingIsLeft() throws IOException {
    Files.write(source, new byte[4 << 20]);
    sshd.room(1 << 20);
    assertFails(Map.of(), "look whether there is room for it");
  }

  @Test
  void commandsThatFailAreNamedAndNothingIsLeft() throws IOException {
    sshd.changing(
        command ->
            command.startsWith("mkdir") ? "echo 'mkdir: Permission denied' >&2; exit 1" : command);
    assertFails(Map.of(), "ended with status 1: mkdir: Permission denied");
    sshd.changing(
        command ->
            command.contains("wc -c") ? "printf x >" + target + ".new; " + command : command);
    assertFails(Map.of(), "not all 11 bytes came");
    sshd.changing(command -> command.startsWith("mkdir") ? "sleep 600" : command);
    assertFails(Map.of("heron.uploader.timeout.ms", 500), "(tried 2 times)");
  }

  @Test
  void aConnectionThatBreaksIsMadeAgain() throws IOException {
    int[] kills = {1};
    sshd.changing(
        command -> {
          if (command.contains("ln -f") && kills[0]-- > 0) {
            return "kill -9 $$";
          }
          return command;
        });
    try (ScpUploader uploader = uploader(Map.of())) {
      // A command that a signal ended is a failure, which is said; a new upload does well.
      assertThatThrownBy(uploader::uploadPackage).hasMessageContaining("ended with status");
      uploader.uploadPackage();
    }
    assertThat(target).hasContent("the package");
  }

  @Test
  void directoriesThatAShellWouldReadOtherwiseAreRefused() {
    for (String bad : List.of("relative/x", "/a b", "/a;rm -rf x", "/$(x)", "~/x")) {
      assertThatThrownBy(() -> uploader(Map.of("heron.uploader.scp.dir.path", bad)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("heron.uploader.scp.dir.path");
    }
    assertThatThrownBy(() -> uploader(Map.of("heron.uploader.scp.command.connection", "a b")))
        .isInstanceOf(ConfigException.class);
  }
}
