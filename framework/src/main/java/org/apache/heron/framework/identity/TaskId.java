package org.apache.heron.framework.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of one copy of a container: {@code <topology>-<container>-<attempt>-<short unique>}.
 *
 * <p>Never used twice: attempts only grow and are on record before a launch, and the last part is
 * drawn from the topology's id, which is new with each submission. Ids of any other form are also
 * values of this type: what Mesos says of unknown tasks must not be an error.
 */
public record TaskId(String value) {
  private static final Pattern FORM = Pattern.compile(".+-(\\d{1,9})-(\\d{1,9})-([0-9a-f]{8})");
  private static final int LONGEST_NAME = 128;

  /** The id of a container's copy. */
  public static TaskId of(String topology, String topologyId, ContainerId container, int attempt) {
    // Mesos allows neither '/' nor white space in ids and makes directories of them.
    String name = topology.replaceAll("[^A-Za-z0-9._-]", "_");
    String shortName = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    return new TaskId(
        shortName + "-" + container.value() + "-" + attempt + "-" + shortHash(topologyId));
  }

  /** The container in an id of our form; empty for any other text. */
  public Optional<ContainerId> container() {
    Matcher matcher = FORM.matcher(value);
    return matcher.matches()
        ? Optional.of(new ContainerId(Integer.parseInt(matcher.group(1))))
        : Optional.empty();
  }

  /** The attempt in an id of our form; empty for any other text. */
  public Optional<Integer> attempt() {
    Matcher matcher = FORM.matcher(value);
    return matcher.matches() ? Optional.of(Integer.parseInt(matcher.group(2))) : Optional.empty();
  }

  /** Tells the submissions of topologies apart in eight characters that may stand anywhere. */
  public static String shortHash(String topologyId) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(topologyId.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
