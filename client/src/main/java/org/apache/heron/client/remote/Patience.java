package org.apache.heron.client.remote;

import java.time.Duration;

/**
 * How long an API server is waited for.
 *
 * @param connect until it accepts the connection
 * @param answer until it begins to answer, and for each further part of an answer: a server of ours
 *     sends a sign of life every few seconds
 */
public record Patience(Duration connect, Duration answer) {
  /** What a command waits unless the user says otherwise. */
  public static final Patience USUAL = new Patience(Duration.ofSeconds(10), Duration.ofMinutes(2));

  public Patience {
    if (connect.toMillis() < 1 || answer.toMillis() < 1) {
      throw new IllegalArgumentException("a limit of time must be positive");
    }
  }

  /** The same, with another limit for answers. */
  public Patience answer(Duration limit) {
    return new Patience(connect, limit);
  }
}
