package org.apache.heron.framework.storage;

import com.google.protobuf.ByteString;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A ZooKeeper for simulations: the real store, fence and patience work on it, and each request goes
 * through a {@link Passage} that decides what becomes of it and lets time pass. For one thread.
 */
public final class SimulatedZooKeeper {
  private static final String PARENT = "/heron/frameworks";

  private final TreeMap<String, Nodes.Node> nodes = new TreeMap<>();
  private final Map<Integer, ContainerRecord> containers = new TreeMap<>();
  private final String base;
  private final Submission submission;
  private final Consumer<Written> watcher;
  private Optional<FrameworkRecord> framework = Optional.empty();

  /** What becomes of a request. */
  public enum Fate {
    /** It is carried out and answered. */
    SERVED,
    /** It does not arrive, and the client is told so as of any lost connection. */
    NOT_ARRIVED,
    /** It is carried out, but the connection is lost before the answer. */
    ANSWER_LOST,
    /** The connection is lost, and it is carried out some time afterwards. */
    LATE
  }

  /** A client's way to ZooKeeper. Any method may let the simulated world go on meanwhile. */
  public interface Passage {
    /** A request is on its way; returns when it arrives, or would have. */
    Fate request(boolean write);

    /** The answer is on its way; returns when it arrives. */
    void answer();

    /** Carries out a request that is {@link Fate#LATE}. */
    void later(Runnable request);

    /** The client waits. */
    void sleep(Duration duration) throws InterruptedException;
  }

  /**
   * A transaction that was made.
   *
   * @param client who asked for it
   * @param takesOver if it made the client the writer
   * @param containers their records as they were before, absent if there was none
   */
  public record Written(
      String client, boolean takesOver, Map<Integer, Optional<ContainerRecord>> containers) {}

  /** A tree without nodes, for one submission; each transaction is shown to the watcher. */
  public SimulatedZooKeeper(Submission submission, Consumer<Written> watcher) {
    this.submission = submission;
    this.base = PARENT + "/" + submission.topology();
    this.watcher = watcher;
  }

  /**
   * Opens a store.
   *
   * @param client unique name of the process
   * @param fenced false breaks the store on purpose: it overwrites whoever took over
   */
  public FrameworkStore open(
      String client, Passage passage, Clock clock, Executor executor, boolean fenced) {
    Patience patience = new Patience(passage::sleep);
    Fence fence =
        new Fence(new Line(client, passage, fenced), patience, PARENT, submission, client);
    return new FencedFrameworkStore(fence, patience, clock, executor, () -> {});
  }

  /** What is on record of the framework. */
  public Optional<FrameworkRecord> framework() {
    return framework;
  }

  /** What is on record of the containers, by id. Not to be changed. */
  public Map<Integer, ContainerRecord> containers() {
    return containers;
  }

  /** True if there is any node of the topology. */
  public boolean hasNodes() {
    return nodes.containsKey(base);
  }

  private Nodes.Outcome apply(String client, List<Nodes.Change> changes, boolean fenced) {
    Map<String, Optional<Nodes.Node>> before = new HashMap<>();
    for (Nodes.Change change : changes) {
      before.putIfAbsent(change.path(), Optional.ofNullable(nodes.get(change.path())));
      if (!apply(change, fenced)) {
        before.forEach(
            (path, node) ->
                node.ifPresentOrElse(old -> nodes.put(path, old), () -> nodes.remove(path)));
        return Nodes.Outcome.CONFLICT;
      }
    }
    publish(client, before.keySet(), changes);
    return Nodes.Outcome.APPLIED;
  }

  private void publish(String client, Set<String> paths, List<Nodes.Change> changes) {
    Map<Integer, Optional<ContainerRecord>> former = new TreeMap<>();
    for (String path : paths) {
      String prefix = base + "/container-";
      if (path.equals(base)) {
        framework =
            Optional.ofNullable(nodes.get(path))
                .filter(node -> !node.data().isEmpty())
                .map(node -> RecordFormat.framework(path, node.data()));
      } else if (path.startsWith(prefix)) {
        int id = Integer.parseInt(path.substring(prefix.length()));
        Nodes.Node node = nodes.get(path);
        former.put(
            id,
            Optional.ofNullable(
                node == null
                    ? containers.remove(id)
                    : containers.put(id, RecordFormat.container(path, node.data()))));
      }
    }
    boolean takesOver =
        changes.stream()
            .anyMatch(
                change ->
                    change instanceof Nodes.Create && change.path().startsWith(base + "/epoch-"));
    watcher.accept(new Written(client, takesOver, former));
  }

  private boolean apply(Nodes.Change change, boolean fenced) {
    Nodes.Node node = nodes.get(change.path());
    if (change instanceof Nodes.Create create) {
      boolean parent = nodes.containsKey(parentOf(create.path()));
      return parent && nodes.putIfAbsent(create.path(), new Nodes.Node(create.data(), 0)) == null;
    } else if (change instanceof Nodes.Update update) {
      if (!fenced && node == null) {
        return nodes.put(update.path(), new Nodes.Node(update.data(), 0)) == null;
      }
      return (!fenced || isExpected(node, update.version()))
          && node != null
          && nodes.put(update.path(), new Nodes.Node(update.data(), node.version() + 1)) != null;
    } else {
      Nodes.Delete delete = (Nodes.Delete) change;
      return isExpected(node, delete.version())
          && childrenOf(delete.path()).isEmpty()
          && nodes.remove(delete.path()) != null;
    }
  }

  private static String parentOf(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  private static boolean isExpected(Nodes.Node node, OptionalInt version) {
    return node != null && (version.isEmpty() || version.getAsInt() == node.version());
  }

  private List<String> childrenOf(String path) {
    String prefix = path + "/";
    List<String> names = new ArrayList<>();
    for (String each : nodes.tailMap(prefix, true).keySet()) {
      if (!each.startsWith(prefix)) {
        break;
      }
      if (each.indexOf('/', prefix.length()) < 0) {
        names.add(each.substring(prefix.length()));
      }
    }
    return names;
  }

  /** One client's connection. */
  private final class Line implements Nodes {
    private final String client;
    private final Passage passage;
    private final boolean fenced;

    Line(String client, Passage passage, boolean fenced) {
      this.client = client;
      this.passage = passage;
      this.fenced = fenced;
    }

    private <T> T ask(java.util.function.Supplier<T> question) throws Unavailable {
      if (passage.request(false) != Fate.SERVED) {
        throw new Unavailable("ZooKeeper " + address() + " does not answer", null);
      }
      T answer = question.get();
      passage.answer();
      return answer;
    }

    @Override
    public void ensure(String path) throws Unavailable {
      ask(
          () -> {
            for (int slash = path.indexOf('/', 1);
                slash > 0;
                slash = path.indexOf('/', slash + 1)) {
              nodes.putIfAbsent(path.substring(0, slash), new Node(ByteString.EMPTY, 0));
            }
            return nodes.putIfAbsent(path, new Node(ByteString.EMPTY, 0));
          });
    }

    @Override
    public Optional<Node> read(String path) throws Unavailable {
      return ask(() -> Optional.ofNullable(nodes.get(path)));
    }

    @Override
    public Optional<List<String>> children(String path) throws Unavailable {
      return ask(() -> nodes.containsKey(path) ? Optional.of(childrenOf(path)) : Optional.empty());
    }

    @Override
    public Map<String, ByteString> readAll(List<String> paths) throws Unavailable {
      return ask(
          () -> {
            Map<String, ByteString> found = new HashMap<>();
            for (String path : new HashSet<>(paths)) {
              Optional.ofNullable(nodes.get(path)).ifPresent(node -> found.put(path, node.data()));
            }
            return found;
          });
    }

    @Override
    public Outcome commit(List<Change> changes) {
      return switch (passage.request(true)) {
        case SERVED -> {
          Outcome outcome = apply(client, changes, fenced);
          passage.answer();
          yield outcome;
        }
        case NOT_ARRIVED -> Outcome.UNKNOWN;
        case ANSWER_LOST -> {
          apply(client, changes, fenced);
          yield Outcome.UNKNOWN;
        }
        case LATE -> {
          passage.later(() -> apply(client, changes, fenced));
          yield Outcome.UNKNOWN;
        }
      };
    }

    @Override
    public String address() {
      return "simulated";
    }
  }
}
