package org.apache.heron.framework.driver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.heron.spi.tls.Trust;

/**
 * How the driver calls Mesos. Immutable.
 *
 * @param masters where to find them
 * @param credential absent if the master wants none
 * @param caFile certificates in PEM that the masters' ones are checked against; absent: Java's own
 * @param connectLimit for opening a connection
 * @param callLimit for the answer to a call, and for the head of the answer to SUBSCRIBE
 * @param missedHeartbeats so many silent heartbeat intervals end the connection; at least 1
 * @param maximumRecordBytes of one event
 * @param maximumQueuedCalls calls that wait for their turn; one more ends the connection
 * @param firstBackOff before the second try
 * @param lastBackOff the longest wait between tries
 * @param random spreads the waits of many schedulers
 */
public record DriverOptions(
    MasterUri masters,
    Optional<Credential> credential,
    Optional<Path> caFile,
    Duration connectLimit,
    Duration callLimit,
    int missedHeartbeats,
    int maximumRecordBytes,
    int maximumQueuedCalls,
    Duration firstBackOff,
    Duration lastBackOff,
    RandomGenerator random) {
  /** The configuration key of the file with certificates. */
  public static final String CA_FILE_KEY = "heron.mesos.tls.ca.file";

  /** What is right for a cluster; change single values with the {@code with} methods. */
  public static DriverOptions of(MasterUri masters) {
    return new DriverOptions(
        masters,
        Optional.empty(),
        Optional.empty(),
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        3,
        64 * 1024 * 1024,
        50_000,
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        new java.util.SplittableRandom());
  }

  /** The same with a credential. */
  public DriverOptions withCredential(Credential value) {
    return new DriverOptions(
        masters,
        Optional.of(value),
        caFile,
        connectLimit,
        callLimit,
        missedHeartbeats,
        maximumRecordBytes,
        maximumQueuedCalls,
        firstBackOff,
        lastBackOff,
        random);
  }

  /** The same with certificates to check masters against; calls go by https. */
  public DriverOptions withCaFile(Path value) {
    return new DriverOptions(
        masters,
        credential,
        Optional.of(value),
        connectLimit,
        callLimit,
        missedHeartbeats,
        maximumRecordBytes,
        maximumQueuedCalls,
        firstBackOff,
        lastBackOff,
        random);
  }

  /** Which certificates of masters are believed. */
  public Trust trust() {
    return new Trust(CA_FILE_KEY, caFile);
  }

  /** The same with other limits of time. */
  public DriverOptions withLimits(Duration connect, Duration call, Duration first, Duration last) {
    return new DriverOptions(
        masters,
        credential,
        caFile,
        connect,
        call,
        missedHeartbeats,
        maximumRecordBytes,
        maximumQueuedCalls,
        first,
        last,
        random);
  }

  /** The same with other limits of size. */
  public DriverOptions withSizes(int recordBytes, int queuedCalls) {
    return new DriverOptions(
        masters,
        credential,
        caFile,
        connectLimit,
        callLimit,
        missedHeartbeats,
        recordBytes,
        queuedCalls,
        firstBackOff,
        lastBackOff,
        random);
  }

  /**
   * How long to wait before the next try: doubled with each failure, and somewhere within the upper
   * half of that.
   *
   * @param failures in a row so far; at least 1
   */
  Duration backOff(int failures) {
    long first = Math.max(1, firstBackOff.toMillis());
    long whole = Math.min(lastBackOff.toMillis(), first << Math.min(failures - 1, 20));
    return Duration.ofMillis(whole / 2 + random.nextLong(whole / 2 + 1));
  }
}
