package org.apache.heron.framework.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The rules of the fence, with answers that are lost on purpose. */
class InMemoryFrameworkStoreTest extends FrameworkStoreContract {
  private final InMemoryFrameworkStore.Tree tree = new InMemoryFrameworkStore.Tree();

  @Override
  FrameworkStore open(Submission submission) {
    return InMemoryFrameworkStore.open(tree, submission);
  }

  @Override
  List<String> paths() {
    return tree.paths().stream().filter(path -> path.startsWith("/heron/frameworks/")).toList();
  }

  @Test
  void aTransactionWhoseAnswerWasLostIsMadeOnce() {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    int before = tree.transactions();
    tree.loseNextAnswer(true);
    get(store.write(Batch.of(List.of(running(1)))));
    assertThat(tree.transactions()).isEqualTo(before + 1);
    tree.loseNextAnswer(false);
    tree.loseNextAnswer(false);
    get(store.write(Batch.of(List.of(running(2)))));
    assertThat(tree.transactions()).isEqualTo(before + 2);
    assertThat(get(open().takeOver("host:2")).containers())
        .isEqualTo(Map.of(1, running(1), 2, running(2)));
  }

  // Of what an Error has cut off it is not known whether it is written, so nothing may follow it.
  @Test
  void anErrorFailsItsWriteAndEndsTheStore() {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    tree.afterNextTransaction(
        () -> {
          throw new NoClassDefFoundError("of a newer version");
        });
    CompletableFuture<Void> cut = store.write(Batch.of(List.of(running(1))));
    assertThat(cut)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOf(NoClassDefFoundError.class);
    int before = tree.transactions();
    assertThatThrownBy(() -> get(store.write(Batch.of(List.of(running(2))))))
        .hasRootCauseInstanceOf(StorageException.Closed.class)
        .hasMessageContaining("NoClassDefFoundError");
    assertThat(tree.transactions()).isEqualTo(before);
    assertThat(get(open().takeOver("host:2")).containers()).isEqualTo(Map.of(1, running(1)));
  }

  @Test
  void aTakeOverWhoseAnswerWasLostSucceeds() {
    tree.loseNextAnswer(true);
    assertThat(get(open().takeOver("host:1")).epoch()).isEqualTo(1);
    tree.loseNextAnswer(false);
    assertThat(get(open().takeOver("host:2")).epoch()).isEqualTo(2);
    assertThat(paths()).filteredOn(path -> path.contains("epoch-")).hasSize(1);
  }

  @Test
  void whoStoodStillWhileASuccessorWasKilledBeginsNothingAnew() {
    // Simulation, seed 10386: the first scheduler is paused between its take-over and the answer.
    tree.afterNextTransaction(
        () -> {
          FrameworkStore successor = open();
          get(successor.succeed("host:2"));
          get(successor.removeAll());
        });
    assertThatThrownBy(() -> get(open().takeOver("host:1")))
        .hasRootCauseInstanceOf(StorageException.Absent.class);
    assertThat(paths()).isEmpty();
  }

  @Test
  void aRemovalWhoseAnswersWereLostEndsWithNothing() {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    get(store.write(Batch.of(List.of(running(1)))));
    tree.loseNextAnswer(true);
    tree.loseNextAnswer(true);
    get(store.removeAll());
    assertThat(paths()).isEmpty();
  }

  @Test
  void nodesRemovedByHandAreWrittenAnew() {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    get(store.write(Batch.of(List.of(running(1), running(2)))));
    tree.commit(
        List.of(
            new Nodes.Delete(
                "/heron/frameworks/words/container-1", java.util.OptionalInt.empty())));
    get(store.write(Batch.of(List.of(running(1), running(2)))));
    assertThat(get(open().takeOver("host:2")).containers()).containsOnlyKeys(1, 2);
  }

  @Test
  void garbageInANodeIsNamedAndNothingIsChanged() {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    get(store.write(Batch.of(List.of(running(1)))));
    tree.put("/heron/frameworks/words/container-1", ByteString.copyFromUtf8("no record"));
    assertThatThrownBy(() -> get(open().takeOver("host:2")))
        .hasCauseInstanceOf(StorageException.Unreadable.class)
        .hasMessageContaining("/heron/frameworks/words/container-1 holds 9 bytes");
  }

  @Test
  void aRecordOfALaterFormatIsNotMisread() {
    FrameworkStore store = open();
    get(store.takeOver("host:1"));
    tree.put(
        "/heron/frameworks/words",
        framework().toProto().toBuilder().setFormat(2).build().toByteString());
    assertThatThrownBy(() -> get(open().takeOver("host:2")))
        .hasMessageContaining("/heron/frameworks/words has format 2");
  }

  @Test
  void aContainerNodeWithAnotherContainersRecordIsNamed() {
    get(open().takeOver("host:1"));
    tree.put("/heron/frameworks/words/container-7", running(1).toProto().toByteString());
    assertThatThrownBy(() -> get(open().takeOver("host:2")))
        .hasMessageContaining("container-7 holds the record of container 1");
    tree.put("/heron/frameworks/words/container-7", running(7).toProto().toByteString());
    tree.put("/heron/frameworks/words/container-x", ByteString.EMPTY);
    assertThatThrownBy(() -> get(open().takeOver("host:3")))
        .hasMessageContaining("container-x is not named for a container's number");
  }

  @Test
  void writingBeforeTakingOverIsAnError() {
    assertThatThrownBy(() -> get(open().write(Batch.of(framework()))))
        .hasCauseInstanceOf(IllegalStateException.class);
  }
}
