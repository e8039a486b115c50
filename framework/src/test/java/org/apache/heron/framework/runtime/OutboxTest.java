package org.apache.heron.framework.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.heron.framework.core.Effect;
import org.apache.heron.framework.core.RecordChange;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;

/** The order in which effects leave. */
class OutboxTest {
  private static final Effect SEND = send(Call.Type.ACCEPT);
  private static final Effect KILL = send(Call.Type.KILL);

  private final Outbox outbox = new Outbox();

  private static Effect send(Call.Type type) {
    return new Effect.Send(Call.newBuilder().setType(type).build());
  }

  private static Effect.Persist persist(int... containers) {
    return new Effect.Persist(
        java.util.Arrays.stream(containers)
            .<RecordChange>mapToObj(id -> new RecordChange.Remove(new ContainerId(id)))
            .toList());
  }

  @Test
  void nothingLeavesBeforeTheWriteIsDurable() {
    outbox.add(List.of(persist(1), SEND));
    assertThat(outbox.next()).hasValue(persist(1));
    assertThat(outbox.next()).isEmpty();
    outbox.add(List.of(KILL));
    assertThat(outbox.next()).isEmpty();
    outbox.durable();
    assertThat(outbox.next()).hasValue(SEND);
    assertThat(outbox.next()).hasValue(KILL);
    assertThat(outbox.next()).isEmpty();
  }

  @Test
  void writesThatWaitLeaveTogetherAndTheLatestOfAContainerCounts() {
    outbox.add(List.of(persist(1), SEND));
    outbox.next();
    outbox.add(List.of(persist(2), SEND));
    outbox.add(List.of(persist(3, 2), KILL));
    outbox.durable();
    assertThat(outbox.next()).hasValue(SEND);
    assertThat(outbox.next()).hasValue(persist(2, 3));
    outbox.durable();
    assertThat(outbox.next()).hasValue(SEND);
    assertThat(outbox.next()).hasValue(KILL);
    assertThat(outbox.size()).isZero();
  }

  @Test
  void noWriteOvertakesTheRemovalOfAll() {
    outbox.add(List.of(persist(1), new Effect.Forget(), persist(2)));
    assertThat(outbox.next()).hasValue(persist(1));
    outbox.durable();
    assertThat(outbox.next()).hasValue(new Effect.Forget());
    assertThat(outbox.next()).isEmpty();
    outbox.durable();
    assertThat(outbox.next()).hasValue(persist(2));
  }
}
