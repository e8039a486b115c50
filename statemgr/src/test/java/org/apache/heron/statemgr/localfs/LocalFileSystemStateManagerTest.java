package org.apache.heron.statemgr.localfs;

import static org.apache.heron.spi.statemgr.StateKind.EXECUTION_STATE;
import static org.apache.heron.spi.statemgr.StateKind.SCHEDULER_LOCATION;
import static org.apache.heron.spi.statemgr.StateKind.TOPOLOGY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.process.LivingProcess;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.IStateManager.Lock;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.statemgr.Samples;
import org.apache.heron.statemgr.StateManagers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
@SuppressWarnings("try")
class LocalFileSystemStateManagerTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private final List<IStateManager> opened = new ArrayList<>();

  @AfterEach
  void stop() {
    opened.forEach(IStateManager::close);
  }

  private Path root() {
    return directory.resolve("state");
  }

  private IStateManager open() {
    return open(new HashMap<>());
  }

  private IStateManager open(Map<String, Object> values) {
    values.put("heron.class.state.manager", LocalFileSystemStateManager.class.getName());
    values.putIfAbsent("heron.statemgr.root.path", root() + "/");
    IStateManager manager = StateManagers.open(Config.of(values));
    opened.add(manager);
    return manager;
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** As locks name it, also where the host's name cannot be resolved. */
  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  @Test
  void theTreeIsUpstreams() throws IOException {
    open();
    assertThat(names(root()))
        .containsExactly(
            "executionstate",
            "locks",
            "metricscaches",
            "packingplans",
            "pplans",
            "schedulers",
            "statefulcheckpoints",
            "tmanagers",
            "topologies");
  }

  @Test
  void theTreeIsLeftAloneWhenConfiguredSo() {
    Map<String, Object> values = new HashMap<>();
    values.put("heron.statemgr.localfs.is.initialize.file.tree", "False");
    IStateManager manager = open(values);
    assertThat(root()).doesNotExist();
    assertThat(manager.list(TOPOLOGY)).isEmpty();
    assertThat(manager.get(TOPOLOGY, "words")).isEmpty();
    assertThat(manager.delete(TOPOLOGY, "words")).isFalse();
    manager.put(TOPOLOGY, "words", Samples.topology("1"));
    assertThat(manager.list(TOPOLOGY)).containsExactly("words");
  }

  @Test
  void aRootThatCannotBeADirectoryIsNamed() throws IOException {
    Files.writeString(root(), "a file");
    assertThatThrownBy(this::open)
        .isInstanceOf(StateException.class)
        .hasMessageContaining("heron.statemgr.root.path")
        .hasMessageContaining(root().toString());
  }

  @Test
  void aFileHoldsTheBareMessageAndNothingLiesBesideIt() throws IOException {
    IStateManager manager = open();
    assertThat(manager.create(TOPOLOGY, "words", Samples.topology("1"))).isTrue();
    assertThat(manager.create(TOPOLOGY, "words", Samples.topology("2"))).isFalse();
    assertThat(manager.get(TOPOLOGY, "words")).contains(Samples.topology("1"));
    manager.put(TOPOLOGY, "words", Samples.topology("3"));
    assertThat(Files.readAllBytes(root().resolve("topologies/words")))
        .isEqualTo(Samples.topology("3").toByteArray());
    assertThat(names(root().resolve("topologies"))).containsExactly("words");
    assertThat(manager.delete(TOPOLOGY, "words")).isTrue();
    assertThat(manager.delete(TOPOLOGY, "words")).isFalse();
    assertThat(names(root().resolve("topologies"))).isEmpty();
  }

  @Test
  void theLocationOfAProcessStaysUntilItIsDeleted() {
    IStateManager manager = open();
    manager.put(SCHEDULER_LOCATION, "words", Samples.scheduler("a:1"));
    manager.close();
    IStateManager next = open();
    assertThat(next.get(SCHEDULER_LOCATION, "words")).contains(Samples.scheduler("a:1"));
    assertThat(next.delete(SCHEDULER_LOCATION, "words")).isTrue();
  }

  @Test
  void anEmptyFileCountsAsAbsent() throws IOException {
    IStateManager manager = open();
    Path file = Files.createFile(root().resolve("topologies/words"));
    assertThat(manager.get(TOPOLOGY, "words")).isEmpty();
    assertThat(manager.exists(TOPOLOGY, "words")).isFalse();
    assertThat(manager.list(TOPOLOGY)).isEmpty();
    assertThat(manager.delete(TOPOLOGY, "words")).isFalse();
    assertThat(file).doesNotExist();
    Files.createFile(file);
    assertThat(manager.create(TOPOLOGY, "words", Samples.topology("1"))).isTrue();
    assertThat(manager.get(TOPOLOGY, "words")).contains(Samples.topology("1"));
  }

  @Test
  void whatIsNotTheMessageIsAnErrorThatNamesTheFile() throws IOException {
    IStateManager manager = open();
    Path file = Files.writeString(root().resolve("topologies/words"), "junk");
    assertThatThrownBy(() -> manager.get(TOPOLOGY, "words"))
        .isInstanceOf(StateException.class)
        .hasMessageStartingWith(file + " holds 4 bytes that are not");
    Files.createDirectory(root().resolve("executionstate/words"));
    assertThatThrownBy(() -> manager.get(EXECUTION_STATE, "words"))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("executionstate/words");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "../topologies/x", "a..b", "a\u0000b", ".hidden"})
  void namesThatLeadElsewhereAreRefused(String name) {
    IStateManager manager = open();
    assertThatThrownBy(() -> manager.put(TOPOLOGY, name, Samples.topology("1")))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("cannot be the name of a topology");
    assertThatThrownBy(() -> manager.lock(name, "x", Duration.ZERO))
        .isInstanceOf(StateException.class);
    assertThatThrownBy(() -> manager.lock("words", "../x", Duration.ZERO))
        .isInstanceOf(StateException.class);
  }

  @Test
  void ofTwoWhoCreateOnlyOneSucceedsAlsoOverAnEmptyFile() throws Exception {
    List<IStateManager> managers = List.of(open(), open());
    AtomicInteger created = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String topology = "words" + i;
      if (i % 2 == 0) {
        Files.createFile(root().resolve("topologies").resolve(topology));
      }
      for (IStateManager manager : managers) {
        Thread thread =
            new Thread(
                () -> {
                  if (manager.create(TOPOLOGY, topology, Samples.topology("same"))) {
                    created.incrementAndGet();
                  }
                });
        threads.add(thread);
        thread.start();
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(created).hasValue(40);
  }

  @Test
  void noReaderEverFindsAReplacedFileMissingOrTorn() throws Exception {
    IStateManager writer = open();
    IStateManager reader = open();
    writer.put(TOPOLOGY, "words", Samples.topology("0"));
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger bad = new AtomicInteger();
    Thread reading =
        new Thread(
            () -> {
              while (!done.get()) {
                try {
                  if (reader.get(TOPOLOGY, "words").isEmpty()) {
                    bad.incrementAndGet();
                  }
                } catch (StateException e) {
                  bad.incrementAndGet();
                }
              }
            });
    reading.start();
    for (int i = 1; i <= 100; i++) {
      writer.put(TOPOLOGY, "words", Samples.topology("x".repeat(i * 100)));
    }
    done.set(true);
    reading.join();
    assertThat(bad).hasValue(0);
  }

  @Test
  void aWatchTellsTheFirstAndEveryLastValue() throws IOException {
    IStateManager manager = open();
    List<Optional<Topology>> seen = new CopyOnWriteArrayList<>();
    IStateManager.Watch watch = manager.watch(TOPOLOGY, "words", seen::add);
    await().atMost(LONG).until(() -> seen.equals(List.of(Optional.empty())));
    manager.put(TOPOLOGY, "words", Samples.topology("1"));
    await().atMost(LONG).until(() -> seen.contains(Optional.of(Samples.topology("1"))));
    // At once: a file that is being written is empty for a moment, which counts as absent.
    Files.move(
        Files.writeString(directory.resolve("junk"), "junk"),
        root().resolve("topologies/words"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    manager.put(TOPOLOGY, "words", Samples.topology("2"));
    await().atMost(LONG).until(() -> seen.contains(Optional.of(Samples.topology("2"))));
    manager.delete(TOPOLOGY, "words");
    await().atMost(LONG).until(() -> seen.size() == 4);
    watch.close();
    assertThat(seen)
        .containsExactly(
            Optional.empty(),
            Optional.of(Samples.topology("1")),
            Optional.of(Samples.topology("2")),
            Optional.empty());
  }

  @Test
  void theLockExcludesOthersUntilItIsReleased() throws IOException {
    IStateManager manager = open();
    Lock lock = manager.lock("words", "updateTopology", Duration.ZERO).orElseThrow();
    Path file = root().resolve("locks/words__updateTopology");
    assertThat(Files.readString(file)).contains(" " + ProcessHandle.current().pid() + " ");
    assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isEmpty();
    assertThat(open().lock("words", "updateTopology", Duration.ofMillis(100))).isEmpty();
    lock.close();
    lock.close();
    assertThat(file).doesNotExist();
    assertThat(open().lock("words", "updateTopology", Duration.ZERO)).isPresent();
  }

  @Test
  void aLockThatIsClosedLateDoesNotReleaseItsSuccessors() {
    IStateManager manager = open();
    Lock first = manager.lock("words", "updateTopology", Duration.ZERO).orElseThrow();
    manager.deleteLocks("words");
    assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isPresent();
    first.close();
    assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isEmpty();
  }

  @Test
  void theLockOfAProcessThatEndedIsFree() throws Exception {
    IStateManager manager = open();
    manager.lock("words", "updateTopology", Duration.ZERO).orElseThrow().close();
    Path file = root().resolve("locks/words__updateTopology");
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    String host = host();
    Files.writeString(file, host + " " + ended.pid() + " 2020-01-01T00:00:00Z 1");
    Lock lock = manager.lock("words", "updateTopology", Duration.ZERO).orElseThrow();
    lock.close();
    long self = ProcessHandle.current().pid();
    Files.writeString(file, host + " " + self + " 2020-01-01T00:00:00Z 1");
    assertThat(manager.lock("words", "updateTopology", Duration.ZERO))
        .as("another process had this number")
        .isPresent();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aLockIsHeldAsLongAsItsProcessLivesWhateverTheClockAndTheHostsName() throws Exception {
    IStateManager manager = open();
    Process holder = new ProcessBuilder("sleep", "600").start();
    try {
      Path file = root().resolve("locks/words__updateTopology");
      assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isPresent();
      String[] fields = Files.readString(file).split(" ");
      fields[0] = "former-name";
      fields[1] = Long.toString(holder.pid());
      // Not the time of day, which a step of the clock changes.
      fields[2] = LivingProcess.birth(holder.toHandle());
      Files.writeString(file, String.join(" ", fields));
      assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isEmpty();
      fields[0] = host();
      Files.writeString(file, String.join(" ", fields));
      assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isEmpty();
      holder.destroyForcibly().waitFor();
      fields[0] = "former-name";
      Files.writeString(file, String.join(" ", fields));
      assertThat(manager.lock("words", "updateTopology", Duration.ZERO))
          .as("of this host, under its former name")
          .isPresent();
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  /** Two containers of one host that share its name and these files, but no process numbers. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aLockOfAnotherContainerOfThisHostIsHeldUntilTheMachineIsStartedAgain() throws Exception {
    IStateManager manager = open();
    Path file = root().resolve("locks/words__updateTopology");
    assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isPresent();
    String[] fields = Files.readString(file).split(" ");
    String place = fields[4];
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    fields[1] = Long.toString(ended.pid());
    fields[4] = place.replaceAll("pid:.*", "pid:[1]");
    Files.writeString(file, String.join(" ", fields));
    assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isEmpty();
    fields[4] = "another-start/pid:[1]";
    Files.writeString(file, String.join(" ", fields));
    assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isPresent();
    fields[0] = "another-host";
    Files.writeString(file, String.join(" ", fields));
    assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "main",
        "elsewhere 1 2020-01-01T00:00:00Z 1",
        "a b c d e",
        "a 1 c d e",
        "h 99999999999 x 1"
      })
  void aLockOfAnotherProgramOrHostCountsAsHeld(String content) throws IOException {
    IStateManager manager = open();
    Files.writeString(root().resolve("locks/words__updateTopology"), content);
    assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isEmpty();
    manager.deleteLocks("words");
    assertThat(manager.lock("words", "updateTopology", Duration.ZERO)).isPresent();
  }

  @Test
  void deletingLocksLeavesThoseOfOtherTopologies() throws IOException {
    IStateManager manager = open();
    assertThat(manager.lock("a", "updateTopology", Duration.ZERO)).isPresent();
    assertThat(manager.lock("a__b", "updateTopology", Duration.ZERO)).isPresent();
    Files.writeString(root().resolve("locks/no lock"), "x");
    assertThat(manager.lockedTopologies()).containsExactly("a", "a__b");
    Files.delete(root().resolve("locks/no lock"));
    manager.deleteLocks("a");
    assertThat(names(root().resolve("locks"))).containsExactly(".guard", "a__b__updateTopology");
    assertThat(manager.lock("a__b", "submitTopology", Duration.ZERO)).isPresent();
    manager.deleteLocksBut("a__b", "submitTopology");
    assertThat(names(root().resolve("locks"))).containsExactly(".guard", "a__b__submitTopology");
  }

  @Test
  void ofManyWhoWantTheLockOneHoldsItAtATime() throws Exception {
    List<IStateManager> managers = List.of(open(), open());
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger tooMany = new AtomicInteger();
    AtomicInteger turns = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      IStateManager manager = managers.get(i % 2);
      Thread thread =
          new Thread(
              () -> {
                try (Lock lock = manager.lock("words", "updateTopology", LONG).orElseThrow()) {
                  if (holders.incrementAndGet() > 1) {
                    tooMany.incrementAndGet();
                  }
                  turns.incrementAndGet();
                  holders.decrementAndGet();
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(turns).hasValue(8);
    assertThat(tooMany).hasValue(0);
  }
}
