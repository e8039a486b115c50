package org.apache.heron.framework.election;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import org.apache.heron.spi.process.LivingProcess;

/**
 * A scheduler process that stands for election, as the others see it. Immutable.
 *
 * @param endpoint where it answers HTTP, as host:port; empty if nowhere
 * @param host its host's name
 * @param process its id there
 * @param started when it was started, in milliseconds since the epoch as it sees it: after a step
 *     of the clock others see it otherwise
 * @param birth as {@link LivingProcess#birth} says: process ids are given anew; empty of an earlier
 *     version, which knows {@code started} alone
 * @param place as {@link LivingProcess#place} says: two hosts may have one name, and two containers
 *     of a host that of the host; empty of an earlier version, or where the system does not say
 * @param unique tells it from all others
 * @param turn which of its candidacies this is, from 1
 */
public record Candidate(
    String endpoint,
    String host,
    long process,
    long started,
    String birth,
    String place,
    String unique,
    int turn) {

  /** This process. */
  public static Candidate self(String endpoint, String unique, int turn) {
    ProcessHandle self = ProcessHandle.current();
    return new Candidate(
        endpoint,
        localHost(),
        self.pid(),
        startOf(self),
        LivingProcess.birth(self),
        LivingProcess.place().orElse(""),
        unique,
        turn);
  }

  private static String localHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // A host that does not know its own name: what it is called is for people only, and for
      // finding out that another process on the same host is dead.
      return "localhost";
    }
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** The candidate as the data of its node. */
  String toText() {
    Properties properties = new Properties();
    properties.setProperty("endpoint", endpoint);
    properties.setProperty("host", host);
    properties.setProperty("process", Long.toString(process));
    properties.setProperty("started", Long.toString(started));
    properties.setProperty("birth", birth);
    properties.setProperty("place", place);
    properties.setProperty("unique", unique);
    properties.setProperty("turn", Integer.toString(turn));
    StringWriter text = new StringWriter();
    try {
      properties.store(text, null);
    } catch (IOException e) {
      throw new IllegalStateException("a string can always be written", e);
    }
    return text.toString();
  }

  /** Reads it back; empty if the text is no candidate's, for example of a later version. */
  static Optional<Candidate> parse(String text) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
      return Optional.of(
          new Candidate(
              properties.getProperty("endpoint", ""),
              properties.getProperty("host", ""),
              Long.parseLong(properties.getProperty("process", "")),
              Long.parseLong(properties.getProperty("started", "")),
              properties.getProperty("birth", ""),
              properties.getProperty("place", ""),
              properties.getProperty("unique", ""),
              Integer.parseInt(properties.getProperty("turn", ""))));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** True if this process runs where the given one ran, and the given one is no longer there. */
  boolean seesDead(Candidate other) {
    boolean known = !place.isEmpty() && !other.place().isEmpty();
    return !host.isEmpty()
        && host.equals(other.host())
        && (!known || place.equals(other.place()))
        && LivingProcess.find(other.process(), other.bornAt()).isEmpty();
  }

  private String bornAt() {
    return birth.isEmpty() ? Long.toString(started) : birth;
  }

  /** True if the given one is an earlier candidacy of this very one. */
  boolean wasOnce(Candidate other) {
    return !other.equals(this) && withTurn(other.turn()).equals(other);
  }

  private Candidate withTurn(int other) {
    return new Candidate(endpoint, host, process, started, birth, place, unique, other);
  }

  @Override
  public String toString() {
    return "process " + process + " on " + host + (endpoint.isEmpty() ? "" : ", at " + endpoint);
  }
}
