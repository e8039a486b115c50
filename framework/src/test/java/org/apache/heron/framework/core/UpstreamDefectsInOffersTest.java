package org.apache.heron.framework.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.heron.framework.placement.OfferBuilder;
import org.apache.heron.framework.placement.Size;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What upstream's scheduler makes of offers, and this one does not. The tags' numbers are those of
 * docs/upstream-defects.md.
 */
class UpstreamDefectsInOffersTest {

  private static OfferBuilder plenty(String id, String agent) {
    return OfferBuilder.offer(id, agent, "heron").cpus(4).mem(4096).disk(10_000);
  }

  // Upstream wants ten ports in one range to use nine; else it fails in the callback.
  @Test
  @Tag("upstream-11")
  void exactlyNinePortsSufficeInOneRangeOrInPieces() {
    Story one = Story.of(1).subscribed();
    one.offered(plenty("O1", "a1").ports(31000, 31008).build());
    assertThat(ports(one.launched())).hasSize(9);
    Story pieces = Story.of(1).subscribed();
    pieces.offered(plenty("O1", "a1").ports(5, 5, 7, 8, 31000, 31005).build());
    assertThat(ports(pieces.launched())).contains(5L, 7L, 8L).hasSize(9);
  }

  // Upstream loses the task and keeps the offers when ports are counted but not to be had.
  @Test
  @Tag("upstream-11")
  void tooFewPortsLoseNeitherContainerNorOffer() {
    Story story = Story.of(1).subscribed();
    story.offered(plenty("O1", "a1").ports(1, 4, 6, 9).build());
    assertThat(story.calls(Call.Type.DECLINE)).hasSize(1);
    assertThat(story.life(0)).isEqualTo(Life.WAITING);
    story.passes(Duration.ofSeconds(40));
    story.offered(plenty("O2", "a1").ports(1, 9).build());
    assertThat(story.launched()).hasSize(1);
  }

  private static Set<Long> ports(List<TaskInfo> tasks) {
    Set<Long> ports = new HashSet<>();
    for (Resource resource : resources(tasks, "ports")) {
      for (Value.Range range : resource.getRanges().getRangeList()) {
        for (long port = range.getBegin(); port <= range.getEnd(); port++) {
          assertThat(ports.add(port)).as("port %d once", port).isTrue();
        }
      }
    }
    return ports;
  }

  private static List<Resource> resources(List<TaskInfo> tasks, String name) {
    return tasks.stream()
        .flatMap(task -> task.getResourcesList().stream())
        .filter(resource -> resource.getName().equals(name))
        .toList();
  }

  // Upstream takes the ports of one reservation in the name of another.
  @Test
  @Tag("upstream-12")
  void portsKeepTheReservationOfTheResourceThatTheyComeFrom() {
    Resource reserved =
        OfferBuilder.offer("x", "a1", "heron").reserved("ports", 0).build().getResources(0);
    Offer offer =
        plenty("O1", "a1")
            .ports(31000, 31004)
            .resource(
                reserved.toBuilder()
                    .setType(Value.Type.RANGES)
                    .clearScalar()
                    .setRanges(
                        Value.Ranges.newBuilder()
                            .addRange(Value.Range.newBuilder().setBegin(40000).setEnd(40003)))
                    .build())
            .build();
    Story story = Story.of(1).subscribed().offered(offer);
    assertThat(ports(story.launched())).hasSize(9);
    for (Resource resource : resources(story.launched(), "ports")) {
      boolean isReserved = resource.getReservationsCount() > 0;
      for (Value.Range range : resource.getRanges().getRangeList()) {
        assertThat(range.getBegin() >= 40000).isEqualTo(isReserved);
      }
    }
  }

  // Upstream sees only the last of several resources of a name.
  @Test
  @Tag("upstream-13")
  void resourcesOfOneNameAddUpOverReservations() {
    Offer offer =
        OfferBuilder.offer("O1", "a1", "heron")
            .reserved("cpus", 0.6)
            .cpus(0.4)
            .reserved("mem", 500)
            .mem(12)
            .disk(600)
            .ports(1, 9)
            .build();
    Story story = Story.of(1).subscribed().offered(offer);
    List<Resource> cpus = resources(story.launched(), "cpus");
    assertThat(cpus).hasSize(2);
    assertThat(cpus.stream().mapToDouble(each -> each.getScalar().getValue()).sum())
        .isCloseTo(1.0, org.assertj.core.data.Offset.offset(1e-6));
    assertThat(resources(story.launched(), "mem")).hasSize(2);
  }

  // Upstream is offered everything every five seconds, for ever.
  @Test
  @Tag("upstream-20")
  void whoNeedsNothingSuppressesDeclinesForLongAndRevivesOnlyToFillAHole() {
    Story story = Story.of(1).subscribed().offeredBy("a1");
    assertThat(story.calls(Call.Type.SUPPRESS)).hasSize(1);
    story.calls.clear();
    story.offeredBy("a2", "a3");
    assertThat(story.calls(Call.Type.DECLINE))
        .isNotEmpty()
        .allMatch(call -> call.getDecline().getFilters().getRefuseSeconds() >= 60);
    story.updated(0, TaskState.TASK_RUNNING).passes(Duration.ofHours(1));
    assertThat(story.calls(Call.Type.REVIVE)).isEmpty();
    story.updated(0, TaskState.TASK_FAILED).passes(Duration.ofSeconds(5));
    assertThat(story.calls(Call.Type.REVIVE)).hasSize(1);
  }

  // Upstream stops matching at the first task that does not fit, and moves it to the end.
  @Test
  @Tag("upstream-21")
  void aContainerThatFitsNowhereHoldsUpNoOtherAndKeepsItsPlace() {
    Size huge = new Size(64_000, 1000, 1000, 9);
    Story story = Story.ofSizes(huge, Story.SMALL, huge, Story.SMALL).subscribed();
    story.offeredBy("a1");
    assertThat(story.launched()).hasSize(2);
    assertThat(story.life(1)).isEqualTo(Life.LAUNCHING);
    assertThat(story.life(3)).isEqualTo(Life.LAUNCHING);
    assertThat(story.state.refusals()).hasSize(2);
    story.passes(Duration.ofMinutes(1));
    story.offered(
        OfferBuilder.offer("big", "b1").cpus(64).mem(9999).disk(9999).ports(1, 99).build());
    assertThat(story.life(0)).as("the first that waits goes first").isEqualTo(Life.LAUNCHING);
    assertThat(story.life(2)).isEqualTo(Life.WAITING);
  }
}
