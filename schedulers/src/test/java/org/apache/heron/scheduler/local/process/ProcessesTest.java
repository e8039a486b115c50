package org.apache.heron.scheduler.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.heron.scheduler.local.core.ProcessMark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ProcessesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int LOOKS = 100;

  @TempDir Path temporary;

  /** Not the temporary directory itself: beside that are those of whatever else runs here. */
  private Path directory;

  @BeforeEach
  void makeItsOwn() throws IOException {
    directory = Files.createDirectory(temporary.resolve("words"));
  }

  @AfterEach
  void nothingIsLeft() {
    Remains.end(directory, Optional.empty());
  }

  private Process start(String script) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("setsid", "sh", "-c", script);
    builder.environment().put(Remains.VARIABLE, directory.toString());
    return builder.directory(directory.toFile()).start();
  }

  @Test
  void aMarkIsOfOneProcessOnly() throws Exception {
    Process process = start("exec sleep 600");
    ProcessMark mark = Marks.of(process.toHandle());
    assertThat(Marks.isAlive(mark)).isTrue();
    assertThat(Marks.isAlive(new ProcessMark(mark.pid(), "another boot:1"))).isFalse();
    process.destroyForcibly().waitFor();
    assertThat(Marks.isAlive(mark)).isFalse();
  }

  @Test
  void whatAContainerLeavesBehindIsFoundInWhateverSessionItIs() throws Exception {
    Process first =
        start(
            "setsid sh -c 'echo $$ > daemon; exec sleep 600' & "
                + "env -u HERON_SANDBOX sh -c 'echo $$ > plain; exec sleep 600' & wait");
    ProcessMark mark = Marks.of(first.toHandle());
    await().atMost(PATIENCE).until(() -> sleeps("daemon") && sleeps("plain"));
    first.destroyForcibly().waitFor();

    assertThat(Remains.find(directory, Optional.of(mark)))
        .extracting(ProcessHandle::pid)
        .containsExactlyInAnyOrder(pid("daemon"), pid("plain"));
    assertThat(Remains.end(directory, Optional.of(mark))).isEqualTo(2);
    assertThat(Remains.find(directory, Optional.of(mark))).isEmpty();
  }

  private boolean sleeps(String file) throws IOException {
    Path path = directory.resolve(file);
    return Files.exists(path)
        && !Files.readString(path).isBlank()
        && Started.is(pid(file), "sleep");
  }

  private long pid(String file) throws IOException {
    return Long.parseLong(Files.readString(directory.resolve(file)).strip());
  }

  @Test
  void allContainersOfADirectoryAreFoundThroughALinkAndWhenTheirFilesAreGone() throws Exception {
    Path root = Files.createDirectory(directory.toRealPath().resolve("root"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), root);
    ProcessBuilder builder = new ProcessBuilder("sleep", "600");
    builder.environment().put(Remains.VARIABLE, root.resolve("ada/words/container-1").toString());
    Process process = Started.of(builder);
    try {
      assertThat(Remains.countIn(link.resolve("ada/word"))).isZero();
      assertThat(Remains.countIn(link.resolve("ada/words"))).isOne();
      assertThat(Remains.endAllIn(link.resolve("ada/words"))).isOne();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** While a process becomes another program, the kernel has no environment of it to show. */
  @Test
  void whatIsBecomingAnotherProgramIsFoundAllTheSame() throws Exception {
    Path script = Files.writeString(directory.resolve("again.sh"), "exec sh again.sh\n");
    Path sandbox = directory.toRealPath().resolve("container-1");
    ProcessBuilder builder = new ProcessBuilder("sh", script.getFileName().toString());
    builder.environment().put(Remains.VARIABLE, sandbox.toString());
    Process process = builder.directory(directory.toFile()).start();
    try {
      for (int look = 0; look < LOOKS; look++) {
        assertThat(Remains.countIn(directory)).as("look %s", look).isOne();
      }
      assertThat(Remains.end(sandbox, Optional.empty())).isOne();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aUsersShellInTheDirectoryIsLeftAlone() throws Exception {
    Process shell = new ProcessBuilder("sleep", "600").directory(directory.toFile()).start();
    try {
      assertThat(Remains.end(directory, Optional.empty())).isZero();
      assertThat(Remains.endAllIn(directory.getParent())).isZero();
      assertThat(shell.isAlive()).isTrue();
    } finally {
      shell.destroyForcibly().waitFor();
    }
  }

  @Test
  void theNameOfAProgramMayHoldAnything() {
    String fields = " S 1 7 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2";
    assertThat(ProcStat.parse("17 (a) Z (b c)" + fields)).contains(new ProcStat('S', 42, true));
    assertThat(ProcStat.parse("")).isEmpty();
    assertThat(ProcStat.parse("17 (cut) S 1")).isEmpty();
  }

  @Test
  void whetherAProcessHasAnEnvironmentIsKnownAlsoWhileItShowsNone() throws Exception {
    // The kernel's, and what has ended: without memory.
    assertThat(stat("0", "0", "0", "0").hasEnvironment()).isFalse();
    assertThat(stat("4096", "90000", "140000", "140000").hasEnvironment()).isFalse();
    assertThat(stat("4096", "90000", "140000", "140042").hasEnvironment()).isTrue();
    // It is becoming another program.
    assertThat(stat("4096", "0", "140000", "140000").hasEnvironment()).isTrue();
    assertThat(stat("4096", "0", "0", "0").hasEnvironment()).isTrue();
    assertThat(ProcStat.of(ProcessHandle.current().pid()).orElseThrow().hasEnvironment()).isTrue();
    ProcessBuilder builder = new ProcessBuilder("env", "-i", "sleep", "600");
    Process process = builder.start();
    try {
      await()
          .atMost(PATIENCE)
          .until(() -> !ProcStat.of(process.pid()).orElseThrow().hasEnvironment());
      assertThat(new ProcStrings().environment(process.pid())).isEmpty();
      assertThat(new ProcStrings().command(process.pid())).containsExactly("sleep", "600");
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(new ProcStrings().environment(process.pid())).isEmpty();
  }

  private static ProcStat stat(
      String memory, String codeBegin, String environmentBegin, String environmentEnd) {
    List<String> fields = new ArrayList<>(Collections.nCopies(50, "1"));
    fields.set(0, "S");
    fields.set(20, memory);
    fields.set(23, codeBegin);
    fields.set(47, environmentBegin);
    fields.set(48, environmentEnd);
    return ProcStat.parse("17 (sleep) " + String.join(" ", fields)).orElseThrow();
  }

  @Test
  void whoseProcessesAreSeenIsKnownByNumber() throws Exception {
    String status = "Name:\tjava\nUid:\t1\t2\t3\t%s\nGid:\t5\t5\t5\t5\n";
    ProcStatus nobody = ProcStatus.parse(status.formatted("4000000000")).orElseThrow();
    assertThat(nobody.sees((int) 4_000_000_000L)).isTrue();
    assertThat(nobody.sees(3)).isFalse();
    assertThat(nobody.sees(0)).isFalse();
    assertThat(ProcStatus.parse(status.formatted("0")).orElseThrow().sees(3)).isTrue();
    assertThat(ProcStatus.parse(status.formatted("-1"))).isEmpty();
    assertThat(ProcStatus.parse(status.formatted(""))).isEmpty();
    assertThat(ProcStatus.parse("")).isEmpty();
    assertThat(Remains.canBeToldOf((Integer) Files.getAttribute(directory, "unix:uid"))).isTrue();
  }

  @Test
  void portsAreKeptIfTheyAreFreeAndOtherwiseAllOthers() throws IOException {
    List<Integer> first = Ports.choose(9, List.of(), Set.of());
    assertThat(first).doesNotHaveDuplicates().hasSize(9);
    assertThat(Ports.choose(9, first, Set.of())).isEqualTo(first);
    assertThat(Ports.choose(9, first, Set.of(first.get(3)))).isNotEqualTo(first);
    assertThat(Ports.choose(10, first, Set.of())).hasSize(10);
    try (ServerSocket taken = new ServerSocket(first.get(4))) {
      assertThat(Ports.choose(9, first, Set.of())).doesNotContain(taken.getLocalPort());
    }
  }

  @Test
  void howAProcessEndedIsSaidInOneLine() {
    assertThat(Ending.of(OptionalInt.of(1), List.of("a", "heron-executor-1: no disk")))
        .isEqualTo(new Ending("ended with exit code 1: heron-executor-1: no disk", false));
    assertThat(Ending.of(OptionalInt.of(137), List.of()))
        .isEqualTo(new Ending("ended by signal 9 (SIGKILL)", false));
    assertThat(Ending.of(OptionalInt.of(15), List.of()).reason())
        .isEqualTo("ended by its web shell");
    assertThat(
            Ending.of(
                    OptionalInt.of(1),
                    List.of("cannot listen on 127.0.0.1:9: Address already in use"))
                .portTaken())
        .isTrue();
    assertThat(Ending.of(OptionalInt.empty(), List.of()).reason()).contains("not known");
  }

  @Test
  void onlyTheLastProcessOutputIsReadAndALongFileIsPutAside() throws IOException {
    Output output = new Output(directory.resolve("out"));
    assertThat(output.lines(0)).isEmpty();
    Files.writeString(output.file(), "of an earlier one\n");
    long from = output.length();
    assertThat(output.lines(from)).isEmpty();
    Files.writeString(output.file(), "of an earlier one\nlast words\n\n");
    assertThat(output.lines(from)).containsExactly("last words");
    output.turnOver();
    assertThat(output.file()).exists();
    Files.write(output.file(), new byte[(10 << 20) + 1]);
    output.turnOver();
    assertThat(output.file()).doesNotExist();
  }
}
