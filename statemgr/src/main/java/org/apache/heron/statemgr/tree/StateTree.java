package org.apache.heron.statemgr.tree;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.heron.spi.statemgr.StateException;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * Where things lie under a root, in upstream's shape: {@code <root>/<directory>/<topology>} and
 * {@code <root>/locks/<topology>__<lock>}. Refuses names that would lead elsewhere.
 *
 * @param root without a slash at its end
 */
public record StateTree(String root) {
  private static final Pattern LOCK_NAME = Pattern.compile("[A-Za-z0-9]+");
  private static final String LOCK_SEPARATOR = "__";
  private static final int MAX_NAME_LENGTH = 200;

  public StateTree {
    while (root.endsWith("/")) {
      root = root.substring(0, root.length() - 1);
    }
  }

  /**
   * Upstream's directories under the root, the one of the locks among them. That of updates is made
   * when there is one.
   */
  public List<String> directories() {
    return Stream.concat(
            StateKind.all().stream()
                .filter(kind -> !kind.equals(StateKind.PENDING_UPDATE))
                .map(this::directory),
            Stream.of(lockDirectory()))
        .toList();
  }

  /** The directory of a kind. */
  public String directory(StateKind<?> kind) {
    return root + "/" + kind.directory();
  }

  /**
   * The node of a topology.
   *
   * @throws StateException if the name cannot be one
   */
  public String node(StateKind<?> kind, String topology) {
    return directory(kind) + "/" + checked(topology);
  }

  /** The directory of all locks. */
  public String lockDirectory() {
    return root + "/" + StateKind.LOCKS_DIRECTORY;
  }

  /**
   * The node of a lock.
   *
   * @throws StateException if a name cannot be one
   */
  public String lock(String topology, String name) {
    if (!LOCK_NAME.matcher(name).matches()) {
      throw new StateException("'" + name + "' cannot be the name of a lock");
    }
    return lockDirectory() + "/" + checked(topology) + LOCK_SEPARATOR + name;
  }

  /** True if a node in {@link #lockDirectory()} is a lock of this topology. */
  public static boolean isLockOf(String topology, String node) {
    // The rest must be a lock's name: topologies 'a' and 'a__b' may both exist.
    return node.startsWith(topology + LOCK_SEPARATOR)
        && LOCK_NAME.matcher(node.substring(topology.length() + LOCK_SEPARATOR.length())).matches();
  }

  /** The topology of a node in {@link #lockDirectory()}; empty if it is no lock. */
  public static Optional<String> lockedTopology(String node) {
    int separator = node.lastIndexOf(LOCK_SEPARATOR);
    return separator > 0 && isLockOf(node.substring(0, separator), node)
        ? Optional.of(node.substring(0, separator))
        : Optional.empty();
  }

  /** The name itself, if it can be the name of a topology's node. */
  public static String checked(String topology) {
    boolean usable =
        !topology.isEmpty()
            && topology.length() <= MAX_NAME_LENGTH
            && !topology.startsWith(".")
            && !topology.contains("/")
            && !topology.contains("..")
            && topology.chars().noneMatch(StateTree::isForbidden);
    if (!usable) {
      throw new StateException(
          "'"
              + topology
                  .chars()
                  .limit(MAX_NAME_LENGTH)
                  .map(c -> isForbidden(c) ? '?' : c)
                  .collect(
                      StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              + "' cannot be the name of a topology: 1 to "
              + MAX_NAME_LENGTH
              + " printable characters, no '/', no '..', no '.' at the start");
    }
    return topology;
  }

  /** What ZooKeeper forbids in paths (its programmer's guide, "Data model"). */
  private static boolean isForbidden(int c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0xd800 && c <= 0xf8ff) || c >= 0xfff0;
  }

  /**
   * The message in these bytes.
   *
   * @param place where they come from, for the error
   * @throws StateException if they are not that message
   */
  public static <M extends Message> M parse(StateKind<M> kind, byte[] bytes, String place) {
    try {
      return kind.parser().parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new StateException(
          "%s holds %d bytes that are not what belongs into %s: %s"
              .formatted(place, bytes.length, kind.directory(), e.getMessage()),
          e);
    }
  }
}
