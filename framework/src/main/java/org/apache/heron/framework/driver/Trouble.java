package org.apache.heron.framework.driver;

/** Why there is no subscription. */
public sealed interface Trouble {
  /** One line: what is wrong, with the value, where it came from and what comes next. */
  String message();

  /** No master answers or leads, or the connection was lost; tried again by itself. */
  record Unreachable(String message) implements Trouble {}

  /** The master does not accept who we are; tried again by itself, as files may be corrected. */
  record Unauthorized(String message) implements Trouble {}

  /**
   * The master has ended the framework or refuses what it says of itself; not tried again until
   * {@link HttpMesos#reconnect}.
   */
  record Refused(String message) implements Trouble {}
}
