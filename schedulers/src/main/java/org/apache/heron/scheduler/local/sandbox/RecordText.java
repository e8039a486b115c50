package org.apache.heron.scheduler.local.sandbox;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.heron.scheduler.local.core.Aim;
import org.apache.heron.scheduler.local.core.Container;
import org.apache.heron.scheduler.local.core.Happening;
import org.apache.heron.scheduler.local.core.History;
import org.apache.heron.scheduler.local.core.Life;
import org.apache.heron.scheduler.local.core.ProcessMark;
import org.apache.heron.spi.executor.ExecutorPort;

/** A container's record as text, in the form of Java's property files. Times are in ISO 8601. */
final class RecordText {
  /** Records of another version are not understood, and their containers are started anew. */
  private static final String VERSION = "1";

  private static final int HAPPENING_FIELDS = 4;

  private RecordText() {}

  static String of(Container container) {
    Properties properties = new Properties();
    properties.setProperty("version", VERSION);
    properties.setProperty("container", Integer.toString(container.id()));
    properties.setProperty("aim", container.aim().name());
    properties.setProperty("life", container.life().name());
    properties.setProperty("attempt", Integer.toString(container.attempt()));
    properties.setProperty("failures", Integer.toString(container.failures()));
    properties.setProperty("clashes", Integer.toString(container.clashes()));
    properties.setProperty("proven", Boolean.toString(container.proven()));
    properties.setProperty("since", container.since().toString());
    container.due().ifPresent(due -> properties.setProperty("due", due.toString()));
    properties.setProperty("reason", container.reason());
    container
        .mark()
        .ifPresent(
            mark -> {
              properties.setProperty("process.id", Long.toString(mark.pid()));
              properties.setProperty("process.birth", mark.birth());
            });
    properties.setProperty(
        "ports", container.ports().stream().map(String::valueOf).collect(Collectors.joining(",")));
    properties.setProperty("ram", Long.toString(container.ram()));
    properties.setProperty("history.forgotten", Long.toString(container.history().forgotten()));
    int next = 0;
    for (Happening happening : container.history().happenings()) {
      properties.setProperty("history." + next++, text(happening));
    }
    StringWriter text = new StringWriter();
    try {
      properties.store(text, null);
    } catch (IOException e) {
      throw new IllegalStateException("a string can always be written", e);
    }
    return text.toString();
  }

  private static String text(Happening happening) {
    return String.join(
        " ",
        happening.at().toString(),
        happening.kind().name(),
        Integer.toString(happening.attempt()),
        happening.text());
  }

  /**
   * Reads it back.
   *
   * @throws IllegalArgumentException if it is none, or one of another version
   */
  static Container parse(String text) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    if (!VERSION.equals(properties.getProperty("version"))) {
      throw new IllegalArgumentException(
          "its version is " + properties.getProperty("version") + ", not " + VERSION);
    }
    try {
      return container(properties);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Container container(Properties properties) {
    List<Integer> ports = ports(value(properties, "ports"));
    if (properties.containsKey("process.id") && ports.size() < ExecutorPort.values().length) {
      throw new IllegalArgumentException("its process has " + ports.size() + " ports");
    }
    return new Container(
        number(properties, "container"),
        Aim.valueOf(value(properties, "aim")),
        Life.valueOf(value(properties, "life")),
        number(properties, "attempt"),
        number(properties, "failures"),
        number(properties, "clashes"),
        Boolean.parseBoolean(value(properties, "proven")),
        Instant.parse(value(properties, "since")),
        Optional.ofNullable(properties.getProperty("due")).map(Instant::parse),
        value(properties, "reason"),
        mark(properties),
        ports,
        Long.parseLong(value(properties, "ram")),
        history(properties));
  }

  private static Optional<ProcessMark> mark(Properties properties) {
    return Optional.ofNullable(properties.getProperty("process.id"))
        .map(id -> new ProcessMark(Long.parseLong(id), value(properties, "process.birth")));
  }

  private static List<Integer> ports(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }

  private static History history(Properties properties) {
    List<Happening> happenings = new ArrayList<>();
    for (int next = 0; properties.containsKey("history." + next); next++) {
      String[] fields = properties.getProperty("history." + next).split(" ", HAPPENING_FIELDS);
      if (fields.length < HAPPENING_FIELDS) {
        throw new IllegalArgumentException("history." + next + " is cut off");
      }
      happenings.add(
          new Happening(
              Instant.parse(fields[0]),
              Happening.Kind.valueOf(fields[1]),
              Integer.parseInt(fields[2]),
              fields[3]));
    }
    return new History(happenings, Long.parseLong(value(properties, "history.forgotten")));
  }

  private static int number(Properties properties, String key) {
    return Integer.parseInt(value(properties, key));
  }

  private static String value(Properties properties, String key) {
    String value = properties.getProperty(key);
    if (value == null) {
      throw new IllegalArgumentException("it has no " + key);
    }
    return value;
  }
}
