package org.apache.heron.cli.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.heron.cli.Heron;
import org.apache.heron.client.ClientException;
import org.apache.heron.spi.config.KeyCatalogue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code heron-cli}: the forms that the manuals and scripts of 2016 have. */
class OldCommandLineTest {
  private static final String AURORA = "com.twitter.heron.scheduler.aurora.AuroraConfigLoader";
  private static final String MESOS = "com.twitter.heron.scheduler.mesos.MesosConfigLoader";

  @TempDir Path directory;
  private String savedHome;
  private Path conf;

  @BeforeEach
  void makeHome() throws IOException {
    savedHome = System.getProperty("heron.home");
    Path home = directory.resolve("home");
    conf = home.resolve("conf");
    for (String cluster : List.of("aurora", "mesos", "local")) {
      Files.createDirectories(conf.resolve(cluster));
      Files.writeString(
          conf.resolve(cluster).resolve("statemgr.yaml"),
          """
          heron.class.state.manager: org.apache.heron.statemgr.localfs.LocalFileSystemStateManager
          heron.statemgr.connection.string: LOCALMODE
          heron.statemgr.root.path: %s
          """
              .formatted(directory.resolve("state")));
    }
    Files.writeString(home.resolve("release.yaml"), "heron.build.version : '1.2'\n");
    System.setProperty("heron.home", home.toString());
  }

  @AfterEach
  void restore() {
    if (savedHome == null) {
      System.clearProperty("heron.home");
    } else {
      System.setProperty("heron.home", savedHome);
    }
  }

  private static List<String> today(String command, String... words) {
    return OldCommandLine.translate(command, List.of(words)).words();
  }

  private static List<String> notes(String command, String... words) {
    return OldCommandLine.translate(command, List.of(words)).notes();
  }

  @Test
  void overridesAndALoaderBecomeAPlaceAndProperties() {
    assertThat(
            today(
                "submit",
                "role:ada environ:devel zk.connection.string:zk:2181 state.root.address:/h",
                "words.jar",
                "org.example.Words",
                "words",
                "--limit",
                "3",
                "--config-loader=" + MESOS,
                "--deactivated"))
        .containsExactly(
            "submit",
            "--config-property",
            "heron.statemgr.connection.string=zk:2181",
            "--config-property",
            "heron.statemgr.root.path=/h",
            "--deploy-deactivated",
            "mesos/ada/devel",
            "words.jar",
            "org.example.Words",
            "words",
            "--limit",
            "3");
  }

  @ParameterizedTest
  @CsvSource({
    "com.twitter.heron.scheduler.aurora.AuroraConfigLoader, aurora",
    "com.twitter.heron.scheduler.mesos.MesosConfigLoader, mesos",
    "com.twitter.heron.scheduler.aurora.MesosConfigLoader, mesos",
    "org.apache.heron.scheduler.mesos.MesosConfigLoader, mesos",
    "org.apache.heron.scheduler.aurora.AuroraConfigLoader, aurora",
    "com.twitter.heron.scheduler.local.LocalConfigLoader, local"
  })
  void theLoaderChoosesTheCluster(String loader, String cluster) {
    assertThat(today("kill", "", "words", "--config-loader", loader))
        .containsExactly("kill", cluster, "words");
    assertThat(today("kill", "words", "--config-loader", loader))
        .containsExactly("kill", cluster, "words");
  }

  @Test
  void theArgumentOfLaterDaysIsTakenToo() {
    assertThat(today("activate", "mesos/ada/devel", "words", "--config-loader=" + MESOS))
        .containsExactly("activate", "mesos/ada/devel", "words");
    assertThat(today("restart", "mesos/ada", "words", "3"))
        .containsExactly("restart", "mesos/ada", "words", "3");
    assertThat(today("restart", "words", "3", "--config-loader=" + MESOS))
        .containsExactly("restart", "mesos", "words", "3");
    assertThat(today("deactivate", "mesos", "words", "--verbose"))
        .containsExactly("deactivate", "--verbose", "mesos", "words");
  }

  @Test
  void withoutALoaderItIsAuroraAsItWas() {
    assertThat(today("kill", "role:ada environ:test", "words"))
        .containsExactly("kill", "aurora/ada/test", "words");
  }

  @Test
  void aClusterWithoutADirectoryIsReadFromItsLoadersAndThatIsSaid() {
    OldCommandLine.Today today =
        OldCommandLine.translate(
            "kill", List.of("west/ada/devel", "words", "--config-loader=" + AURORA));
    assertThat(today.words())
        .containsExactly(
            "kill",
            "--cluster-directory",
            conf.resolve("aurora").toString(),
            "west/ada/devel",
            "words");
    assertThat(today.text()).isEqualTo("kill west/ada/devel words");
    assertThat(today.notes())
        .containsExactly(
            "cluster west has no directory, and "
                + conf.resolve("aurora")
                + " is read; instead: make "
                + conf.resolve("west")
                + ", a copy of that or a link to it");
  }

  @Test
  void aCommandForSuchAClusterIsCarriedOutAndNamesFilesThatStay() throws IOException {
    StringWriter err = new StringWriter();
    String[] words = {"heron-cli", "kill", "west/ada/devel", "words", "--config-loader=" + AURORA};
    PrintWriter out = new PrintWriter(new StringWriter());
    assertThat(Heron.run(out, new PrintWriter(err, true), words)).isEqualTo(1);
    assertThat(err.toString())
        .contains("today: heron kill west/ada/devel words", "Topology 'words' does not exist");
    Path file = Files.writeString(conf.resolve("aurora/statemgr.yaml"), "a: [\n");
    err.getBuffer().setLength(0);
    assertThat(Heron.run(out, new PrintWriter(err, true), words)).isEqualTo(1);
    assertThat(err.toString()).contains("[ERROR]: Failed to kill topology: words: " + file);
  }

  @Test
  void aFilesLinesOverrideAndTheCommandLineOverridesThem() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("mesos_scheduler.conf"),
            """
            # a comment
            heron.core.release.uri:http://s3.amazonaws.com/my-heron-binaries
            zk.connection.string : zk1:2181,zk2:2181
            state.root.address:/from-file
            heron.mesos.role:heron
            """);
    assertThat(
            today(
                "kill",
                "state.root.address=/from-overrides",
                "words",
                "--config-file=" + file,
                "--config-loader=" + MESOS,
                "--config-property",
                "heron.mesos.role=other"))
        .containsExactly(
            "kill",
            "--config-property",
            "heron.package.core.uri=http://s3.amazonaws.com/my-heron-binaries/heron-core.tar.gz",
            "--config-property",
            "heron.statemgr.root.path=/from-overrides",
            "--config-property",
            "heron.statemgr.connection.string=zk1:2181,zk2:2181",
            "--config-property",
            "heron.mesos.role=other",
            "mesos",
            "words");
    assertThat(notes("kill", "", "words", "--config-file=" + file, "--config-loader=" + MESOS))
        .contains(
            "heron.core.release.uri in "
                + file
                + " is read as"
                + " heron.package.core.uri=http://s3.amazonaws.com/my-heron-binaries/heron-core.tar.gz;"
                + " instead: heron.package.core.uri in conf/<cluster>: the archive itself, not its"
                + " directory");
  }

  @Test
  void aPathMayNameAFileOrADirectoryOf2016OrTheClustersOfToday() throws IOException {
    Path old = Files.createDirectories(directory.resolve("old/cluster"));
    Files.writeString(directory.resolve("old/aurora_scheduler.conf"), "zkhost: a\nzkport: 2182\n");
    Files.writeString(old.resolve("west.conf"), "zkhost: b\n");
    Path file =
        Files.writeString(
            directory.resolve("x.conf"),
            "scheduler.class: com.twitter.heron.scheduler.mesos.MesosScheduler\nrole: ada\n");

    assertThat(today("kill", "words", "--config-path", directory.resolve("old").toString()))
        .containsExactly(
            "kill",
            "--config-property",
            "heron.statemgr.connection.string=a:2182",
            "aurora",
            "words");
    assertThat(
            today(
                "kill",
                "",
                "words",
                "--config-loader=com.twitter.heron.scheduler.util.DefaultConfigLoader",
                "--config-path",
                file.toString()))
        .containsExactly(
            "kill",
            "--config-property",
            "heron.class.scheduler=org.apache.heron.scheduler.mesos.MesosScheduler",
            "mesos/ada",
            "words");
    assertThat(today("kill", "mesos", "words", "--config-path", conf.toString()))
        .containsExactly("kill", "--config-path", conf.toString(), "mesos", "words");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "heron.core.release.uri:hdfs://nn/heron/ |"
            + " heron.package.core.uri=hdfs://nn/heron/heron-core.tar.gz",
        "heron.core.release.uri:file:///a/heron-core-0.13.tar |"
            + " heron.package.core.uri=file:///a/heron-core-0.13.tar",
        "heron.core.release.package:/a/core.tar | heron.package.core.uri=file:///a/core.tar",
        "zkhost:zk1 | heron.statemgr.connection.string=zk1:2181",
        "state.manager.class=com.twitter.heron.state.localfile.LocalFileStateManager |"
            + " heron.class.state.manager=org.apache.heron.statemgr.localfs.LocalFileSystemStateManager",
        "uploader.class:org.example.OwnUploader | heron.class.uploader=org.example.OwnUploader",
        "mesos.master.uri.mesos.default:zk://z:2181/mesos |"
            + " heron.mesos.master.uri=zk://z:2181/mesos",
        "heron.mesos.framework.failover.timeout.seconds:60 |"
            + " heron.mesos.framework.failover.timeout.seconds=60",
        "instance.ram.default:134217728 | heron.resources.instance.ram=134217728",
        "heron.java.home.path:/usr/ | heron.directory.sandbox.java.home=/usr/",
        "heron.local.working.directory:/sandbox | heron.local.working.directory=/sandbox",
        "some.plugin.key:x | some.plugin.key=x"
      })
  void anOldKeyIsCarriedOver(String old, String now) {
    assertThat(today("kill", old, "words", "--config-loader=" + MESOS))
        .containsExactly("kill", "--config-property", now, "mesos", "words");
  }

  @Test
  void aTunnelIsASwitchAndAHost() {
    assertThat(today("kill", "tunnel:gateway", "words"))
        .containsSubsequence("heron.statemgr.is.tunnel.needed=true")
        .containsSubsequence("heron.statemgr.tunnel.host=gateway");
    assertThat(today("kill", "tunnel:false", "words"))
        .containsExactly(
            "kill",
            "--config-property",
            "heron.statemgr.is.tunnel.needed=false",
            "aurora",
            "words");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "heron.aurora.batch.size:3",
        "heron.aurora.bind.X:1",
        "topology.container.cpu:1",
        "runtime.manager.class:x",
        "stmgr.ram.default:1",
        "heron.mesos.framework.server.endpoint:http://h:1",
        "tmaster.stat.port.nobase64:1",
        "mesos.master.uri.other.devel:h:5050",
        "packing.algorithm.class:com.twitter.heron.packing.gone.Packing"
      })
  void whatHasNoEffectAnyMoreIsSaid(String old) {
    assertThat(today("kill", old, "words")).containsExactly("kill", "aurora", "words");
    assertThat(notes("kill", old, "words"))
        .singleElement()
        .asString()
        .contains("has no effect")
        .startsWith(old.substring(0, old.indexOf(':')) + " in the overrides ");
  }

  @Test
  void everyOldKeyOfTheManualsIsInTheTableOnceAndNamesKeysThatAreRead() {
    List<String> keys =
        List.of(
            ("submitter.id uploader.class launcher.class scheduler.class runtime.manager.class"
                    + " packing.algorithm.class state.manager.class heron.logging.directory"
                    + " heron.java.home.path state.root.address zk.connection.string"
                    + " zk.connection.timeout.ms zkhost zkport zkroot tunnel"
                    + " heron.core.release.uri heron.topology.pkg.uri heron.release.package"
                    + " heron.release.package.role heron.release.package.name"
                    + " heron.release.package.version heron.uploader.version"
                    + " heron.uploader.file.system.path heron.uploader.copy.command cluster role"
                    + " environ topology.definition.file heron.dir heron.config.path"
                    + " heron.config.loader heron.verbose config.property instance.cpu.default"
                    + " instance.ram.default instance.disk.default stmgr.ram.default"
                    + " heron.aurora.batch.size heron.aurora.bind.X"
                    + " heron.mesos.framework.server.endpoint"
                    + " heron.mesos.framework.zookeeper.endpoint"
                    + " heron.mesos.framework.zookeeper.root"
                    + " heron.mesos.framework.zookeeper.connect.timeout"
                    + " heron.mesos.framework.zookeeper.session.timeout"
                    + " heron.mesos.framework.reconciliation.interval.ms"
                    + " heron.mesos.framework.failover.timeout.seconds mesos.master.uri.c.e"
                    + " heron.mesos.pkg.uri tmaster.stat.port.nobase64 tmaster.main.port.nobase64"
                    + " tmaster.controller.port.nobase64 tmaster.shell.port.nobase64"
                    + " tmaster.metricsmgr.port.nobase64")
                .split(" "));
    assertThat(keys).allSatisfy(key -> assertThat(OldKey.find(key)).as(key).isPresent());
    assertThat(OldKey.ALL).extracting(OldKey::pattern).doesNotHaveDuplicates();
    assertThat(OldKey.ALL)
        .allSatisfy(
            key -> {
              assertThat(key.note()).isNotBlank();
              if (!key.now().isEmpty()) {
                assertThat(KeyCatalogue.find(key.now())).as(key.now()).isPresent();
              }
            });
  }

  @Test
  void theShippedFilesAreTakenAsTheyAreAndWithEveryLineInForce() throws IOException {
    Path shipped = Path.of("").toAbsolutePath().getParent().resolve("conf/legacy");
    for (String name : List.of("mesos", "aurora")) {
      Path file = shipped.resolve(name + "_scheduler.conf");
      assertThat(today("kill", "", "words", "--config-file=" + file)).hasSize(3);
      String inForce = Files.readString(file).replaceAll("(?m)^# ([\\w.]+:\\S+)$", "$1");
      Path all = Files.writeString(directory.resolve(name + ".conf"), inForce);
      OldConfig config = new OldConfig();
      config.addFile(all);
      assertThat(config.values()).hasSizeGreaterThan(8);
      assertThat(config.values().keySet())
          .allSatisfy(key -> assertThat(OldKey.find(key)).as(key).isPresent());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kill | usage: heron-cli kill",
        "submit words.jar | usage: heron-cli submit",
        "kill a:b words more | usage: heron-cli kill",
        "restart a:b words 1 2 | usage: heron-cli restart",
        "kill words --config-loader | option --config-loader needs a value",
        "kill words --config-file= | option --config-file needs a value",
        "kill words --config-property=state.root.address=/a=b | heron.statemgr.root.path is to be"
            + " '/a=b', but --config-property takes no value with '='",
        "kill words --config-loader=org.example.Loader | --config-loader org.example.Loader is not"
            + " known",
        "kill words --config-property=x | Invalid config property format (x) expected key=value",
        "kill words --config-loader=com.twitter.heron.scheduler.util.DefaultConfigLoader | which"
            + " cluster is meant?",
        "kill :a words | the overrides ':a' are not key:value pairs from ':a' on"
      })
  void whatIsNotUnderstoodIsOneLineAndCodeTwo(String line, String told) {
    StringWriter err = new StringWriter();
    String[] words = ("heron-cli " + line.strip()).split(" ");
    int code = Heron.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), words);
    assertThat(err.toString())
        .startsWith("heron-cli: error: ")
        .contains(told.strip())
        .hasLineCount(1);
    assertThat(code).isEqualTo(2);
  }

  @Test
  void aFileThatCannotBeReadIsTold() throws IOException {
    Path broken = Files.writeString(directory.resolve("broken.conf"), "a:\\u12\n");
    assertThatThrownBy(() -> today("kill", "words", "--config-file=" + broken))
        .isInstanceOf(ClientException.class)
        .hasMessageStartingWith("Cannot read --config-file '" + broken + "': ");
    assertThatThrownBy(() -> today("kill", "words", "--config-file=/nowhere/x.conf"))
        .hasMessage("--config-file '/nowhere/x.conf' is no file");
    Path keyless = Files.writeString(directory.resolve("keyless.conf"), "role:ada\n : x\n");
    assertThatThrownBy(() -> today("kill", "words", "--config-file=" + keyless))
        .isInstanceOf(OldUsageException.class)
        .hasMessage(keyless + " has a value without a key: 'x'");
    Path large = Files.write(directory.resolve("large.conf"), new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> today("kill", "words", "--config-file=" + large))
        .hasMessageEndingWith("has more than 1048576 bytes");
    assertThatThrownBy(
            () ->
                today(
                    "kill",
                    "west/a/b",
                    "words",
                    "--config-path=/nowhere",
                    "--config-loader=" + MESOS))
        .isInstanceOf(ClientException.class)
        .hasMessage("Cluster config directory '/nowhere/mesos' does not exist");
  }

  @Test
  void theCommandsOwnWordsAndCodesFollow() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Heron.run(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            "heron-cli",
            "kill",
            "role:ada environ:devel heron.aurora.batch.size:3",
            "words",
            "--config-loader=" + MESOS);
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().lines().map(line -> line.replaceFirst("^\\[[^]]*] ", "")).toList())
        .contains(
            "[INFO]: heron-cli is the command of 2016; today: heron kill mesos/ada/devel words",
            "[ERROR]: Failed to kill topology: words: Topology 'words' does not exist");
    assertThat(err.toString()).contains("heron.aurora.batch.size in the overrides has no effect");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void helpAndVersionAndClasspathAreThere() {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out, true);
    PrintWriter err = new PrintWriter(new StringWriter());
    assertThat(Heron.run(writer, err, "heron-cli")).isZero();
    assertThat(Heron.run(writer, err, "heron-cli", "help")).isZero();
    assertThat(Heron.run(writer, err, "heron-cli", "version")).isZero();
    assertThat(Heron.run(writer, err, "heron-cli", "classpath")).isZero();
    assertThat(Heron.run(writer, err, "heron-cli", "explode")).isEqualTo(2);
    assertThat(out.toString())
        .contains("heron-cli submit [", "heron.build.version : 1.2", "--config-loader CLASS");
  }
}
