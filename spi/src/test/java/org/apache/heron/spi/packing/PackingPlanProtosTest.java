package org.apache.heron.spi.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.apache.heron.proto.system.PackingPlans;
import org.junit.jupiter.api.Test;

class PackingPlanProtosTest {
  private static final Resource SMALL =
      new Resource(0.5, ByteAmount.ofMegabytes(512), ByteAmount.ofBytes(7));
  private static final Resource LARGE =
      new Resource(2, ByteAmount.ofGigabytes(3), ByteAmount.ofGigabytes(9));

  private static final PackingPlan PLAN =
      new PackingPlan(
          "words-1",
          List.of(
              new ContainerPlan(
                  2,
                  List.of(
                      new InstancePlan("word", 3, 1, SMALL),
                      new InstancePlan("count", 1, 0, LARGE)),
                  LARGE,
                  Optional.of(SMALL)),
              new ContainerPlan(1, List.of(new InstancePlan("word", 2, 0, SMALL)), LARGE)));

  @Test
  void nothingIsLostThereAndBack() {
    assertThat(PackingPlanProtos.fromProto(PackingPlanProtos.toProto(PLAN))).isEqualTo(PLAN);
  }

  @Test
  void aScheduledResourceIsPresentOnlyWhenSet() {
    PackingPlans.PackingPlan message = PackingPlanProtos.toProto(PLAN);
    assertThat(message.getContainerPlans(0).hasScheduledResource()).isFalse();
    assertThat(message.getContainerPlans(1).hasScheduledResource()).isTrue();
  }

  @Test
  void theOrderOfContainersInTheMessageDoesNotMatter() {
    PackingPlans.PackingPlan message = PackingPlanProtos.toProto(PLAN);
    PackingPlans.PackingPlan reversed =
        message.toBuilder()
            .clearContainerPlans()
            .addContainerPlans(message.getContainerPlans(1))
            .addContainerPlans(message.getContainerPlans(0))
            .build();
    assertThat(PackingPlanProtos.fromProto(reversed)).isEqualTo(PLAN);
  }

  @Test
  void aMessageWithoutARequiredFieldOrWithAContainerTwiceIsRefused() {
    PackingPlans.PackingPlan message = PackingPlanProtos.toProto(PLAN);
    assertThatThrownBy(
            () -> PackingPlanProtos.fromProto(message.toBuilder().clearId().buildPartial()))
        .isInstanceOf(PackingException.class)
        .hasMessageContaining("id");
    assertThatThrownBy(
            () ->
                PackingPlanProtos.fromProto(
                    message.toBuilder().addContainerPlans(message.getContainerPlans(0)).build()))
        .isInstanceOf(PackingException.class)
        .hasMessageContaining("two containers 1");
  }
}
