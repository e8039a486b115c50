package org.apache.heron.framework.storage;

import com.google.protobuf.ByteString;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A {@link FrameworkStore} over nodes in memory, with the same rules as the one in ZooKeeper: both
 * are the same code above the nodes, and held to one contract test. {@link Tree} is what several
 * schedulers share, and outlives them.
 */
public final class InMemoryFrameworkStore {
  private InMemoryFrameworkStore() {}

  /** Opens a store that does everything at once in the caller's thread. */
  public static FrameworkStore open(Tree tree, Submission submission) {
    return open(tree, submission, Clock.systemUTC(), Runnable::run);
  }

  /**
   * Opens a store.
   *
   * @param executor runs one task at a time, in order; a simulator decides when
   */
  public static FrameworkStore open(
      Tree tree, Submission submission, Clock clock, Executor executor) {
    Patience patience = new Patience(pause -> {});
    AtomicBoolean released = new AtomicBoolean();
    Fence fence =
        new Fence(tree, patience, "/heron/frameworks", submission, UUID.randomUUID().toString());
    return new FencedFrameworkStore(
        fence,
        patience,
        clock,
        task ->
            executor.execute(
                () -> {
                  if (!released.get()) {
                    task.run();
                  }
                }),
        () -> released.set(true));
  }

  /** The nodes. Thread-safe. */
  public static final class Tree implements Nodes {
    private final TreeMap<String, Node> nodes = new TreeMap<>();
    private final List<Boolean> lostAnswers = new ArrayList<>();
    private final List<Runnable> afterNext = new ArrayList<>();
    private int transactions;

    /** The next transaction's answer is lost; it is made, or not. */
    public synchronized void loseNextAnswer(boolean made) {
      lostAnswers.add(made);
    }

    /** Happens between the next transaction and its answer. */
    public synchronized void afterNextTransaction(Runnable what) {
      afterNext.add(what);
    }

    /** How many transactions were made so far. */
    public synchronized int transactions() {
      return transactions;
    }

    /** The paths of all nodes, sorted. */
    public synchronized List<String> paths() {
      return List.copyOf(nodes.keySet());
    }

    /** Sets a node as an operator would by hand. */
    public synchronized void put(String path, ByteString data) {
      Node former = nodes.get(path);
      nodes.put(path, new Node(data, former == null ? 0 : former.version() + 1));
    }

    @Override
    public synchronized void ensure(String path) {
      for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
        nodes.putIfAbsent(path.substring(0, slash), new Node(ByteString.EMPTY, 0));
      }
      nodes.putIfAbsent(path, new Node(ByteString.EMPTY, 0));
    }

    @Override
    public synchronized Optional<Node> read(String path) {
      return Optional.ofNullable(nodes.get(path));
    }

    @Override
    public synchronized Optional<List<String>> children(String path) {
      if (!nodes.containsKey(path)) {
        return Optional.empty();
      }
      String prefix = path + "/";
      return Optional.of(
          nodes.keySet().stream()
              .filter(each -> each.startsWith(prefix) && each.indexOf('/', prefix.length()) < 0)
              .map(each -> each.substring(prefix.length()))
              .toList());
    }

    @Override
    public synchronized Map<String, ByteString> readAll(List<String> paths) {
      Map<String, ByteString> found = new HashMap<>();
      paths.forEach(path -> read(path).ifPresent(node -> found.put(path, node.data())));
      return found;
    }

    @Override
    public synchronized Outcome commit(List<Change> changes) {
      if (!lostAnswers.isEmpty()) {
        if (lostAnswers.remove(0)) {
          apply(changes);
        }
        return Outcome.UNKNOWN;
      }
      Outcome outcome = apply(changes);
      List<Runnable> now = List.copyOf(afterNext);
      afterNext.clear();
      now.forEach(Runnable::run);
      return outcome;
    }

    private Outcome apply(List<Change> changes) {
      TreeMap<String, Node> before = new TreeMap<>(nodes);
      for (Change change : changes) {
        if (!apply(change)) {
          nodes.clear();
          nodes.putAll(before);
          return Outcome.CONFLICT;
        }
      }
      transactions++;
      return Outcome.APPLIED;
    }

    private boolean apply(Change change) {
      Node node = nodes.get(change.path());
      if (change instanceof Create create) {
        boolean parent = nodes.containsKey(change.path().replaceAll("/[^/]*$", ""));
        return parent && nodes.putIfAbsent(create.path(), new Node(create.data(), 0)) == null;
      } else if (change instanceof Update update) {
        return expected(node, update.version())
            && nodes.put(update.path(), new Node(update.data(), node.version() + 1)) != null;
      } else {
        Delete delete = (Delete) change;
        return expected(node, delete.version())
            && children(delete.path()).orElseThrow().isEmpty()
            && nodes.remove(delete.path()) != null;
      }
    }

    private static boolean expected(Node node, OptionalInt version) {
      return node != null && (version.isEmpty() || version.getAsInt() == node.version());
    }

    @Override
    public String address() {
      return "in memory";
    }
  }
}
