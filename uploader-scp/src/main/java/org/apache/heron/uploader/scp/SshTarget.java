package org.apache.heron.uploader.scp;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.heron.spi.config.Config;

/**
 * Whom to connect to, and how.
 *
 * @param optionsKey where the options are set, for messages
 */
record SshTarget(String user, String host, SshOptions options, String optionsKey) {
  private static final Pattern CONNECTION =
      Pattern.compile("(?:([^@\\s]+)@)?(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)");

  /** From {@code user@host} and options. */
  static SshTarget of(
      Config config, String connectionKey, String optionsKey, SshOptions.Program program) {
    SshOptions options = SshOptions.of(config, optionsKey, program);
    String text = config.string(connectionKey).trim();
    Matcher matcher = CONNECTION.matcher(text);
    if (!matcher.matches() || matcher.group(2).startsWith("-")) {
      throw config.malformed(connectionKey, text, "user@host");
    }
    String user =
        matcher.group(1) != null
            ? matcher.group(1)
            : options.user().orElse(System.getProperty("user.name"));
    return new SshTarget(user, matcher.group(2).replaceAll("[\\[\\]]", ""), options, optionsKey);
  }

  /** True if one connection serves for both. */
  boolean isSameAs(SshTarget other) {
    return user.equals(other.user) && host.equals(other.host) && options.equals(other.options);
  }

  @Override
  public String toString() {
    return user + "@" + host + (options.port() == 22 ? "" : " port " + options.port());
  }
}
