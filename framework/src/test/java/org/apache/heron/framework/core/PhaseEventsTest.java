package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.framework.placement.OfferBuilder;
import org.apache.heron.framework.runtime.Incoming;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.InverseOffer;
import org.apache.mesos.v1.Protos.OfferID;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every event of the v1 API, and every other one, in every phase: cell by cell. */
class PhaseEventsTest {

  /** What can happen to the framework as a whole. */
  private enum Happens {
    SUBSCRIBED,
    OFFERS,
    RESCIND,
    INVERSE_OFFERS,
    RESCIND_INVERSE_OFFER,
    UPDATE,
    MESSAGE,
    FAILURE_OF_AGENT,
    FAILURE_OF_EXECUTOR,
    HEARTBEAT,
    UPDATE_OPERATION_STATUS,
    UNKNOWN,
    ERROR_REMOVED,
    ERROR_FAILED_OVER,
    ERROR_PRINCIPAL,
    ERROR_OTHER,
    STARTED,
    CONNECTED,
    DISCONNECTED,
    TORN_DOWN,
    NOT_TORN_DOWN,
    FRAMEWORK_UPDATED,
    SUSPENDED,
    RESUMED,
    DEPOSED
  }

  // The phase afterwards.
  private static final String PHASES =
      """
                              SERVING KILLING TEARING_DOWN KILLED FAILED  REMOVED
      SUBSCRIBED              serving killing tearing_down killed serving removed
      OFFERS                  serving killing tearing_down killed failed  removed
      RESCIND                 serving killing tearing_down killed failed  removed
      INVERSE_OFFERS          serving killing tearing_down killed failed  removed
      RESCIND_INVERSE_OFFER   serving killing tearing_down killed failed  removed
      UPDATE                  serving killing tearing_down killed failed  removed
      MESSAGE                 serving killing tearing_down killed failed  removed
      FAILURE_OF_AGENT        serving killing tearing_down killed failed  removed
      FAILURE_OF_EXECUTOR     serving killing tearing_down killed failed  removed
      HEARTBEAT               serving killing tearing_down killed failed  removed
      UPDATE_OPERATION_STATUS serving killing tearing_down killed failed  removed
      UNKNOWN                 serving killing tearing_down killed failed  removed
      ERROR_REMOVED           removed killed  killed       killed removed removed
      ERROR_FAILED_OVER       serving killing tearing_down killed failed  removed
      ERROR_PRINCIPAL         failed  killing tearing_down killed failed  removed
      ERROR_OTHER             failed  killing tearing_down killed failed  removed
      STARTED                 serving killing tearing_down killed failed  removed
      CONNECTED               serving killing tearing_down killed failed  removed
      DISCONNECTED            serving killing tearing_down killed failed  removed
      TORN_DOWN               serving killed  killed       killed failed  removed
      NOT_TORN_DOWN           serving killing tearing_down killed failed  removed
      FRAMEWORK_UPDATED       serving killing tearing_down killed failed  removed
      SUSPENDED               serving killing tearing_down killed failed  removed
      RESUMED                 serving killing tearing_down killed failed  removed
      DEPOSED                 failed  failed  failed       killed failed  failed
      """;

  private static final Grid<Phase, Phase> TABLE = new Grid<>(PHASES, Phase.class, "", Phase.class);

  static List<Arguments> cells() {
    List<Arguments> cells = new ArrayList<>();
    for (Happens event : Happens.values()) {
      for (Phase phase : Phase.values()) {
        cells.add(Arguments.of(event, phase));
      }
    }
    return cells;
  }

  @ParameterizedTest
  @MethodSource("cells")
  void anEventLeadsToTheRightPhaseAndBeginsNothingThatIsNotWanted(Happens happens, Phase phase) {
    Map<Phase, Story> stories = new EnumMap<>(Phase.class);
    for (boolean connected : new boolean[] {true, false}) {
      Story story = CommandTableTest.inPhase(phase);
      if (!connected) {
        story.disconnected();
      }
      story.calls.clear();
      int records = story.records.size();
      events(happens).forEach(story::happens);
      Phase after = TABLE.cell(happens.name(), phase);
      assertThat(story.state.phase()).isEqualTo(after);
      assertThat(story.finished).isEqualTo(after == Phase.KILLED);
      if (phase != Phase.SERVING && phase != Phase.FAILED) {
        assertThat(story.launched()).isEmpty();
      }
      boolean gone = phase == Phase.REMOVED && happens != Happens.SUBSCRIBED;
      if (phase == Phase.KILLED || gone) {
        assertThat(story.calls).as("nobody is there to be called").filteredOn(this::acts).isEmpty();
      }
      assertThat(story.records).hasSize(after == Phase.KILLED ? 0 : records);
      stories.put(after, story);
    }
    assertThat(stories).hasSize(1);
  }

  // Answers to what a master sends although it has ended us harm nobody.
  private boolean acts(Call call) {
    return switch (call.getType()) {
      case DECLINE, ACKNOWLEDGE, ACCEPT_INVERSE_OFFERS, DECLINE_INVERSE_OFFERS -> false;
      default -> true;
    };
  }

  private static List<Event> events(Happens happens) {
    return switch (happens) {
      case STARTED -> List.of(new Event.Started(1, "scheduler"));
      case CONNECTED -> List.of(new Event.Connected());
      case DISCONNECTED -> List.of(new Event.Disconnected());
      case TORN_DOWN -> List.of(new Event.TornDown());
      case NOT_TORN_DOWN -> List.of(new Event.NotTornDown("it is away"));
      case FRAMEWORK_UPDATED -> List.of(new Event.FrameworkUpdated());
      case SUSPENDED -> List.of(new Event.Suspended("no ZooKeeper"));
      case RESUMED -> List.of(new Event.Resumed());
      case DEPOSED -> List.of(new Event.Deposed("another leads"));
      default -> Incoming.read(fromMaster(happens));
    };
  }

  private static Protos.Event fromMaster(Happens happens) {
    Protos.Event.Builder event = Protos.Event.newBuilder();
    AgentID agent = AgentID.newBuilder().setValue("a1").build();
    FrameworkID framework = FrameworkID.newBuilder().setValue(Story.FRAMEWORK).build();
    switch (happens) {
      case SUBSCRIBED ->
          event
              .setType(Protos.Event.Type.SUBSCRIBED)
              .setSubscribed(Protos.Event.Subscribed.newBuilder().setFrameworkId(framework));
      case OFFERS ->
          event
              .setType(Protos.Event.Type.OFFERS)
              .setOffers(
                  Protos.Event.Offers.newBuilder().addOffers(OfferBuilder.usual("O9", "a1")));
      case RESCIND ->
          event
              .setType(Protos.Event.Type.RESCIND)
              .setRescind(
                  Protos.Event.Rescind.newBuilder()
                      .setOfferId(OfferID.newBuilder().setValue("O9")));
      case INVERSE_OFFERS ->
          event
              .setType(Protos.Event.Type.INVERSE_OFFERS)
              .setInverseOffers(
                  Protos.Event.InverseOffers.newBuilder()
                      .addInverseOffers(
                          InverseOffer.newBuilder()
                              .setId(OfferID.newBuilder().setValue("I9"))
                              .setFrameworkId(framework)
                              .setAgentId(agent)
                              .setUnavailability(
                                  Story.unavailable(Instant.EPOCH, Duration.ofDays(1)))));
      case RESCIND_INVERSE_OFFER ->
          event
              .setType(Protos.Event.Type.RESCIND_INVERSE_OFFER)
              .setRescindInverseOffer(
                  Protos.Event.RescindInverseOffer.newBuilder()
                      .setInverseOfferId(OfferID.newBuilder().setValue("I9")));
      case UPDATE ->
          event
              .setType(Protos.Event.Type.UPDATE)
              .setUpdate(
                  Protos.Event.Update.newBuilder()
                      .setStatus(
                          TaskStatus.newBuilder()
                              .setTaskId(TaskID.newBuilder().setValue("a stranger"))
                              .setAgentId(agent)
                              .setState(TaskState.TASK_FAILED)));
      case FAILURE_OF_AGENT ->
          event
              .setType(Protos.Event.Type.FAILURE)
              .setFailure(Protos.Event.Failure.newBuilder().setAgentId(agent));
      case FAILURE_OF_EXECUTOR ->
          event
              .setType(Protos.Event.Type.FAILURE)
              .setFailure(
                  Protos.Event.Failure.newBuilder()
                      .setAgentId(agent)
                      .setExecutorId(ExecutorID.newBuilder().setValue("some")));
      case ERROR_REMOVED -> error(event, "Framework has been removed");
      case ERROR_FAILED_OVER -> error(event, "Framework failed over");
      case ERROR_PRINCIPAL -> error(event, "Changing framework's principal is not allowed.");
      case ERROR_OTHER -> error(event, "Not authorized");
      default -> event.setType(Protos.Event.Type.valueOf(happens.name()));
    }
    return event.build();
  }

  private static void error(Protos.Event.Builder event, String message) {
    event
        .setType(Protos.Event.Type.ERROR)
        .setError(Protos.Event.Error.newBuilder().setMessage(message));
  }
}
