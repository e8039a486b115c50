package org.apache.heron.framework.storage;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import org.apache.heron.framework.storage.Nodes.Change;
import org.apache.heron.framework.storage.Nodes.Create;
import org.apache.heron.framework.storage.Nodes.Delete;
import org.apache.heron.framework.storage.Nodes.Node;
import org.apache.heron.framework.storage.Nodes.Outcome;
import org.apache.heron.framework.storage.Nodes.Update;
import org.apache.heron.framework.storage.Transactions.Write;

/**
 * The writer's side of the epoch: every transaction counts the sequence in the writer's own epoch
 * node up, on condition of its version.
 *
 * <ul>
 *   <li>Who takes over deletes that node, so no later transaction of the former writer applies. The
 *       node's name is unique to the writer: a version that happens to be the same in a later life
 *       of the topology deceives nobody.
 *   <li>INVARIANT: a transaction whose answer was lost is never followed by another before the
 *       sequence was read; it applied if and only if the node holds its sequence. One that is still
 *       on its way cannot apply after its repetition did.
 *   <li>Two who take over at once meet at the version of the topology's node.
 * </ul>
 *
 * Blocks while ZooKeeper is away. For one thread.
 */
final class Fence {
  static final String EPOCH = "epoch-";
  static final String CONTAINER = "container-";

  /** How often nodes that were changed by hand are looked up again for one transaction. */
  private static final int RELOADS = 3;

  private final Nodes nodes;
  private final Patience patience;
  private final String parent;
  private final String base;
  private final Submission submission;
  private final String writer;
  private final Set<String> present = new HashSet<>();
  private EpochRecord epoch;
  private int version;

  /** True once there were records: if they are gone then, the topology was killed. */
  private boolean seen;

  Fence(Nodes nodes, Patience patience, String parent, Submission submission, String writer) {
    this.nodes = nodes;
    this.patience = patience;
    this.parent = parent;
    this.submission = submission;
    this.base = parent + "/" + submission.topology();
    this.writer = writer;
  }

  String frameworkPath() {
    return base;
  }

  String containerPath(int container) {
    return base + "/" + CONTAINER + container;
  }

  private String epochPath() {
    return base + "/" + EPOCH + writer;
  }

  /**
   * Deposes the former writer and reads everything.
   *
   * @param anew whether to begin if there is nothing, and was nothing when this was asked first;
   *     else that is {@link StorageException.Absent}
   * @throws StorageException.Refused if the records are of another submission, whose writer, who
   *     may live, is left alone; for who only goes on that is {@link StorageException.Absent}: the
   *     other was submitted after ours was killed
   */
  Snapshot takeOver(String holder, Instant now, boolean anew) throws InterruptedException {
    patience.until(
        () -> {
          nodes.ensure(parent);
          return true;
        });
    while (!tryTakeOver(holder, now, anew)) {
      patience.contend();
    }
    return load();
  }

  private boolean tryTakeOver(String holder, Instant now, boolean anew)
      throws InterruptedException {
    Optional<Node> top = patience.until(() -> nodes.read(base));
    List<Change> changes = new ArrayList<>();
    long number = 0;
    if (top.isEmpty()) {
      if (seen || !anew) {
        throw new StorageException.Absent(
            "nothing is on record at " + base + (seen ? " any more" : ""));
      }
      changes.add(new Create(base, ByteString.EMPTY));
    } else {
      seen = true;
      requireOurs(top.get().data(), anew);
      changes.add(new Update(base, top.get().data(), OptionalInt.of(top.get().version())));
      for (String child : children()) {
        String path = base + "/" + child;
        if (path.equals(epochPath())) {
          return adopt();
        }
        if (child.startsWith(EPOCH)) {
          Optional<Node> former = patience.until(() -> nodes.read(path));
          if (former.isPresent()) {
            number = Math.max(number, RecordFormat.epoch(path, former.get().data()).number());
            changes.add(new Delete(path, OptionalInt.empty()));
          }
        }
      }
    }
    EpochRecord mine = new EpochRecord(number + 1, writer, holder, RecordFormat.millis(now), 0);
    changes.add(new Create(epochPath(), mine.toProto().toByteString()));
    Outcome outcome = nodes.commit(changes);
    // INVARIANT: who comes to its senses after a successor was killed begins nothing anew.
    seen = seen || outcome == Outcome.APPLIED;
    if (outcome == Outcome.UNKNOWN) {
      patience.failed("ZooKeeper " + nodes.address() + " did not answer when asked to take over");
    }
    return outcome != Outcome.CONFLICT && adopt();
  }

  private void requireOurs(ByteString data, boolean anew) {
    if (data.isEmpty()) {
      return;
    }
    FrameworkRecord found = RecordFormat.framework(base, data);
    if (found.topologyId().equals(submission.id())) {
      return;
    }
    if (!anew) {
      throw new StorageException.Absent(
          "what is on record at "
              + base
              + " is of another submission (id "
              + found.topologyId()
              + "), not of "
              + submission.id());
    }
    throw new StorageException.Refused(
        "an earlier submission of topology '"
            + submission.topology()
            + "' (id "
            + found.topologyId()
            + ", Mesos framework "
            + found.frameworkId().orElse("none")
            + ") is still on record; end that framework in Mesos and remove the node "
            + base
            + " in ZooKeeper, then submit again",
        null);
  }

  /** True if the epoch is this writer's. */
  private boolean adopt() throws InterruptedException {
    Optional<Node> node = patience.until(() -> nodes.read(epochPath()));
    node.ifPresent(
        found -> {
          epoch = RecordFormat.epoch(epochPath(), found.data());
          version = found.version();
        });
    return node.isPresent();
  }

  private Snapshot load() throws InterruptedException {
    Optional<Node> top = patience.until(() -> nodes.read(base));
    List<String> children = children();
    SortedMap<Integer, ContainerRecord> containers =
        patience.until(() -> new RecordReader(nodes, base).containers(children));
    // Records are of one moment only if nobody else wrote meanwhile.
    if (!adopt() || top.isEmpty()) {
      throw deposed();
    }
    present.clear();
    containers.keySet().forEach(id -> present.add(containerPath(id)));
    ByteString data = top.get().data();
    return new Snapshot(
        epoch.number(),
        data.isEmpty() ? Optional.empty() : Optional.of(RecordFormat.framework(base, data)),
        containers);
  }

  private List<String> children() throws InterruptedException {
    return patience.until(() -> nodes.children(base)).orElse(List.of());
  }

  /** Makes all writes in one transaction; returns when they are durable. */
  void commit(List<Write> writes) throws InterruptedException {
    if (epoch == null) {
      throw new IllegalStateException(base + " has not been taken over by this writer");
    }
    EpochRecord next = epoch.next();
    int reloads = 0;
    while (true) {
      Outcome outcome = nodes.commit(changes(writes, next));
      if (outcome == Outcome.APPLIED) {
        epoch = next;
        version++;
      }
      if (outcome == Outcome.APPLIED || foundApplied(next, outcome)) {
        patience.succeeded();
        remember(writes);
        return;
      }
      if (outcome == Outcome.CONFLICT) {
        if (reloads++ >= RELOADS) {
          throw new StorageException.Refused(
              "the nodes below " + base + " change under this writer's hands: who else writes?",
              null);
        }
        present.clear();
        children().forEach(child -> present.add(base + "/" + child));
      }
    }
  }

  /** Looks whether a transaction that was not confirmed has been made. */
  private boolean foundApplied(EpochRecord next, Outcome outcome) throws InterruptedException {
    if (outcome == Outcome.UNKNOWN) {
      patience.failed("ZooKeeper " + nodes.address() + " did not answer when asked to write");
    }
    if (!adopt()) {
      throw patience.until(() -> nodes.read(base)).isEmpty() ? vanished() : deposed();
    }
    if (epoch.sequence() != next.sequence() && epoch.sequence() != next.sequence() - 1) {
      throw new StorageException.Refused(
          epochPath() + " was changed by someone else: restart this scheduler", null);
    }
    return epoch.sequence() == next.sequence();
  }

  private List<Change> changes(List<Write> writes, EpochRecord next) {
    List<Change> changes = new ArrayList<>(writes.size() + 1);
    changes.add(new Update(epochPath(), next.toProto().toByteString(), OptionalInt.of(version)));
    Set<String> there = new HashSet<>(present);
    there.add(base);
    for (Write write : writes) {
      if (write.data().isEmpty()) {
        if (there.remove(write.path())) {
          changes.add(new Delete(write.path(), OptionalInt.empty()));
        }
      } else if (there.add(write.path())) {
        changes.add(new Create(write.path(), write.data().get()));
      } else {
        changes.add(new Update(write.path(), write.data().get(), OptionalInt.empty()));
      }
    }
    return changes;
  }

  private void remember(List<Write> writes) {
    for (Write write : writes) {
      if (write.data().isEmpty()) {
        present.remove(write.path());
      } else {
        present.add(write.path());
      }
    }
  }

  /** Removes everything, this writer's epoch and the framework's record in the last step. */
  void removeAll() throws InterruptedException {
    if (epoch == null) {
      throw new IllegalStateException(base + " has not been taken over by this writer");
    }
    while (true) {
      List<Write> removals = new ArrayList<>();
      for (String child : children()) {
        String path = base + "/" + child;
        if (!path.equals(epochPath())) {
          present.add(path);
          removals.add(new Write(path, Optional.empty()));
        }
      }
      for (List<Write> part : Transactions.split(removals, Transactions.TRANSACTION_BYTES)) {
        commit(part);
      }
      List<Change> last =
          List.of(
              new Delete(epochPath(), OptionalInt.of(version)),
              new Delete(base, OptionalInt.empty()));
      Outcome outcome = nodes.commit(last);
      if (outcome == Outcome.UNKNOWN) {
        patience.failed("ZooKeeper " + nodes.address() + " did not answer when asked to remove");
      }
      if (outcome == Outcome.APPLIED || patience.until(() -> nodes.read(base)).isEmpty()) {
        patience.succeeded();
        return;
      }
      if (!adopt()) {
        throw deposed();
      }
    }
  }

  private StorageException vanished() {
    return new StorageException.Absent(
        "the records at "
            + base
            + " have been removed, and no other scheduler has taken over from this one (epoch "
            + epoch.number()
            + ", "
            + epoch.holder()
            + ")");
  }

  private StorageException deposed() {
    return new StorageException.Deposed(
        "another scheduler has taken over "
            + base
            + " from this one (epoch "
            + epoch.number()
            + ", "
            + epoch.holder()
            + "): this one stops");
  }
}
