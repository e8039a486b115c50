package org.apache.heron.scheduler.aurora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientProcessTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;

  private ClientProcess program(String script) throws IOException {
    Path file = directory.resolve("aurora");
    Files.writeString(file, script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return new ClientProcess("aurora", "/nowhere:" + directory);
  }

  @Test
  void bothStreamsAndTheExitCodeAreKept() throws Exception {
    ClientRun run =
        program("#!/bin/sh\necho \"out $1\"\necho \"err $2\" >&2\nexit 7\n")
            .run(List.of("a b", "$x *"), LONG);
    assertThat(run).isEqualTo(new ClientRun.Ended(7, "out a b\n", "err $x *\n"));
  }

  @Test
  void standardInputIsEmpty() throws Exception {
    ClientRun run = program("#!/bin/sh\ncat\necho end\n").run(List.of(), LONG);
    assertThat(run.out()).isEqualTo("end\n");
  }

  @Test
  void muchOutputDoesNotBlockIt() throws Exception {
    ClientRun run = program("#!/bin/sh\nseq 1 200000\nseq 1 200000 >&2\n").run(List.of(), LONG);
    assertThat(run.out()).hasLineCount(200_000);
    assertThat(run.err()).hasLineCount(200_000);
  }

  @Test
  void aChildThatOutlivesItDoesNotHoldUpTheAnswer() throws Exception {
    ClientRun run =
        program("#!/bin/sh\necho done\nsleep 600 &\necho $! >&2\n").run(List.of(), LONG);
    assertThat(run.out()).isEqualTo("done\n");
    ProcessHandle.of(Long.parseLong(run.err().strip())).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void oneThatDoesNotListenIsEndedAllTheSame() throws Exception {
    ClientRun run =
        program("#!/bin/sh\ntrap '' TERM\necho $$\nwhile :; do sleep 0.2; done\n")
            .run(List.of(), Duration.ofSeconds(15));
    assertThat(run).isInstanceOf(ClientRun.TimedOut.class);
    assertThat(ProcessHandle.of(Long.parseLong(run.out().strip())).filter(ProcessHandle::isAlive))
        .isEmpty();
  }

  @Test
  void whatIsNoProgramIsToldAsSuch() throws Exception {
    Path file = Files.writeString(directory.resolve("aurora"), "not executable");
    assertThat(new ClientProcess("aurora", directory.toString()).run(List.of(), LONG))
        .isEqualTo(
            new ClientRun.NotStarted(
                "the Aurora client 'aurora' is not on PATH; install it on this host, or say where it"
                    + " is with heron.aurora.client.path"));
    assertThat(new ClientProcess(file.toString(), "").run(List.of(), LONG))
        .isEqualTo(
            new ClientRun.NotStarted(
                "the Aurora client '"
                    + file
                    + "' is no program; install it on this host, or say where it is with"
                    + " heron.aurora.client.path"));
    Files.delete(file);
    ClientRun run = program("#!/nowhere/interpreter\n").run(List.of(), LONG);
    assertThat(((ClientRun.NotStarted) run).reason())
        .startsWith("the Aurora client " + directory.resolve("aurora") + " cannot be started: ");
  }
}
