package org.apache.heron.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.uploader.IUploader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each check, whole and broken in turn. */
class DoctorTest extends DoctorFixture {
  private static final List<String> SECTIONS =
      List.of("Configuration", "Java", "Shared state", "Scheduler", "Topologies", "Packages");

  @Test
  void allIsWell() throws Exception {
    Checkup checkup = examine();
    assertThat(failures(checkup)).isEmpty();
    assertThat(checkup.healthy()).isTrue();
    assertThat(sections(checkup)).isEqualTo(SECTIONS);
    assertThat(home.stateFiles()).isEmpty();
  }

  private static List<String> sections(Checkup checkup) {
    return checkup.entries().stream().map(Checkup.Entry::section).distinct().toList();
  }

  @ParameterizedTest
  @CsvSource({
    "test.back.end.fails, check, 'many'",
    "test.back.end.fails, fetch, 'many'",
    "heron.class.state.manager, org.example.Nothing, 'org.example.Nothing'",
    "heron.class.launcher, org.example.Nothing, 'org.example.Nothing'",
    "heron.class.uploader, org.example.Nothing, 'org.example.Nothing'",
    "heron.class.uploader, org.apache.heron.client.doctor.DoctorTest$Thrower, 'no such luck'",
    "heron.statemgr.zookeeper.connection.timeout.ms, soon, 'soon'",
    "heron.statemgr.is.tunnel.needed, perhaps, 'perhaps'",
    "heron.scheduler.is.service, perhaps, 'perhaps'",
  })
  void oneWrongValueIsAFindingAndTheOtherChecksAreMade(String key, String value, String words)
      throws Exception {
    fetch = true;
    write("words", "test", Instant.now().minusSeconds(3600));
    properties.put(key, value);
    if (key.contains("tunnel")) {
      properties.put("heron.statemgr.connection.string", "127.0.0.1:1");
    }
    Checkup checkup = examine();
    assertThat(checkup.healthy()).isFalse();
    assertThat(sections(checkup)).isEqualTo(SECTIONS);
    assertThat(failures(checkup))
        .anySatisfy(
            finding -> {
              assertThat(finding.message()).contains(words).doesNotContain("\n");
              assertThat(finding.remedy()).isPresent();
            });
    assertThat(checkup.entries().stream().map(each -> each.finding().check()))
        .contains("uploader", "core package");
  }

  /** A plug-in with a defect. */
  public static final class Thrower implements IUploader {
    /** For reflection. */
    public Thrower() {}

    @Override
    public void initialize(Config config) {
      throw new IllegalStateException("no such luck");
    }

    @Override
    public URI uploadPackage() {
      throw new AssertionError("not initialized");
    }

    @Override
    public boolean undo() {
      return true;
    }

    @Override
    public void delete() {}

    @Override
    public void close() {}
  }

  @Test
  void aBrokenFileEndsIt() throws Exception {
    Files.writeString(home.home().resolve("conf/test/client.yaml"), "a: [\n");
    Checkup checkup = examine();
    assertThat(checkup.entries()).hasSize(1);
    assertThat(checkup.entries().get(0).finding().message()).contains("client.yaml");
  }

  @Test
  void keysAndFilesThatNobodyReadsAreSaid() throws Exception {
    Files.writeString(home.home().resolve("conf/test/shceduler.yaml"), "a: 1\n");
    properties.put("heron.statemgr.root.paht", "/x");
    Checkup checkup = examine();
    assertThat(warning(checkup, "files").message()).endsWith("shceduler.yaml is read by nobody");
    Finding key = warning(checkup, "keys");
    assertThat(key.message())
        .isEqualTo("heron.statemgr.root.paht (from --config-property) is read by nobody");
    assertThat(key.remedy()).contains("write heron.statemgr.root.path, if that is meant");
  }

  @Test
  void aClassThatIsNotThereIsSaid() throws Exception {
    properties.put("heron.class.packing.algorithm", "org.example.Nothing");
    Finding finding = onlyFailure();
    assertThat(finding.check()).isEqualTo("classes");
    assertThat(finding.message()).contains("org.example.Nothing", "there is no such class");
    assertThat(finding.remedy().orElseThrow()).startsWith("set heron.class.packing.algorithm in ");
  }

  @Test
  void aJavaThatIsNotInContainersIsSaid() throws Exception {
    properties.put("heron.directory.sandbox.java.home", "/no/java");
    assertThat(warning(examine(), "java").message()).contains("/no/java");
  }

  @Test
  void sharedStateThatCannotBeReachedIsSaid() throws Exception {
    properties.put(
        "heron.class.state.manager",
        "org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager");
    properties.put("heron.statemgr.zookeeper.connection.timeout.ms", "500");
    Checkup checkup;
    // Bound, so that nobody else listens there.
    try (Socket closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String address = "127.0.0.1:" + closed.getLocalPort();
      properties.put("heron.statemgr.connection.string", address);
      checkup = examine();
      assertThat(warning(checkup, "zookeeper").message())
          .isEqualTo(address + " takes no connections");
    }
    Finding finding = failures(checkup).get(0);
    assertThat(finding.check()).isEqualTo("state");
    assertThat(finding.remedy().orElseThrow()).startsWith("start ZooKeeper, or correct ");
  }

  @Test
  void aTunnelThatLeadsNowhereIsSaid() throws Exception {
    properties.put(
        "heron.class.state.manager",
        "org.apache.heron.statemgr.zookeeper.curator.CuratorStateManager");
    properties.put("heron.statemgr.connection.string", "zookeeper.invalid:2181");
    properties.put("heron.statemgr.is.tunnel.needed", true);
    properties.put("heron.statemgr.tunnel.host", "gate.invalid");
    properties.put("heron.statemgr.tunnel.connection.retry.count", 1);
    properties.put("heron.statemgr.tunnel.verify.count", 1);
    Finding finding = failures(examine()).get(0);
    assertThat(finding.message()).contains("'gate.invalid'", "zookeeper.invalid:2181");
    assertThat(finding.remedy().orElseThrow())
        .startsWith("see that ssh gate.invalid gets there without asking anything, or correct ");
  }

  @Test
  void directoriesThatNobodyCreatesAreSaid() throws Exception {
    properties.put("heron.statemgr.root.path", directory.resolve("elsewhere").toString());
    assertThat(examine().healthy()).isTrue();
    assertThat(directory.resolve("elsewhere")).doesNotExist();
    properties.put("heron.statemgr.localfs.is.initialize.file.tree", false);
    assertThat(onlyFailure().message()).startsWith("reached, but there is no ");
  }

  @Test
  void aBackEndThatIsNotConfiguredIsSaid() throws Exception {
    properties.put("test.back.end.misconfigured", true);
    assertThat(onlyFailure().message()).isEqualTo("test.master is not set");
  }

  @Test
  void aCorePackageThatIsNoneIsSaid() throws Exception {
    properties.put("heron.package.core.uri", "file://" + core("readme"));
    assertThat(onlyFailure().message()).endsWith("holds no heron-core/bin/heron-executor");
    properties.put("heron.package.core.uri", "file:///nothing/heron-core.tar.gz");
    assertThat(onlyFailure().message()).isEqualTo("/nothing/heron-core.tar.gz does not exist");
    Path rubbish = Files.writeString(directory.resolve("rubbish.tar.gz"), "rubbish");
    properties.put("heron.package.core.uri", "file://" + rubbish);
    assertThat(onlyFailure().message()).contains(rubbish + " cannot be read");
  }

  @Test
  void anUploaderThatCannotWriteIsSaid() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    properties.put("heron.uploader.localfs.file.system.directory", file + "/packages");
    Finding finding = onlyFailure();
    assertThat(finding.check()).isEqualTo("uploader");
    assertThat(finding.remedy().orElseThrow()).startsWith("correct uploader.yaml in ");
  }
}
