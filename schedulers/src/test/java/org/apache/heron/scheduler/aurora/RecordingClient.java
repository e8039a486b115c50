package org.apache.heron.scheduler.aurora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program {@code aurora} that notes how it is called, and plays what Aurora's client does. */
final class RecordingClient {
  private final Path directory;

  /** Installs it. */
  RecordingClient(Path directory) {
    this.directory = directory;
    Path program = program();
    try (InputStream script = RecordingClient.class.getResourceAsStream("aurora-client.sh")) {
      Files.createDirectories(directory);
      Files.copy(script, program);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  Path program() {
    return directory.resolve("aurora");
  }

  /** The directory to be put on the search path. */
  String searchPath() {
    return directory.toString();
  }

  /** What it does instead when it is called with that verb. */
  Play on(String verb) {
    return new Play("play." + verb);
  }

  /** Likewise, at one call only. */
  Play on(String verb, int call) {
    return new Play("play." + verb + "." + call);
  }

  /** The arguments of every call. */
  List<List<String>> calls() {
    Path file = directory.resolve("calls");
    if (!Files.exists(file)) {
      return List.of();
    }
    List<List<String>> calls = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (String line : lines(file)) {
      if (line.equals("\u0004")) {
        calls.add(words);
        words = new ArrayList<>();
      } else {
        words.add(line);
      }
    }
    return calls;
  }

  /** The arguments of the first call with that verb. */
  List<String> call(String verb) {
    return calls().stream().filter(words -> words.get(1).equals(verb)).findFirst().orElseThrow();
  }

  /** The verbs of every call, in order. */
  List<String> verbs() {
    return calls().stream().map(words -> words.get(1)).toList();
  }

  /** The instances that Aurora has. */
  SortedSet<Integer> instances() {
    Path file = directory.resolve("instances");
    return Files.exists(file)
        ? lines(file).stream().map(Integer::valueOf).collect(Collectors.toCollection(TreeSet::new))
        : new TreeSet<>();
  }

  /** Makes instances, as if Aurora had them. */
  void has(Integer... ids) {
    write("instances", Arrays.stream(ids).map(id -> id + "\n").collect(Collectors.joining()));
  }

  /** The process that hangs, if it lives. */
  Optional<ProcessHandle> hanging() {
    Path file = directory.resolve("hanging");
    return Stream.of(file)
        .filter(Files::exists)
        .map(RecordingClient::lines)
        .filter(lines -> !lines.isEmpty())
        .flatMap(lines -> ProcessHandle.of(Long.parseLong(lines.get(0))).stream())
        .filter(ProcessHandle::isAlive)
        .findFirst();
  }

  private void write(String file, String text) {
    try {
      Path path = directory.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is played. */
  final class Play {
    private final String name;

    private Play(String name) {
      this.name = name;
    }

    Play prints(String text) {
      write(name + "/out", text);
      return this;
    }

    Play complains(String text) {
      write(name + "/err", text);
      return this;
    }

    void ends(int code) {
      write(name + "/code", code + "\n");
    }

    /** It does not end by itself. */
    void hangs() {
      write(name + "/hang", "");
    }

    /** It does its work, too, before it hangs or after it has spoken. */
    Play works() {
      write(name + "/proceed", "");
      return this;
    }
  }
}
