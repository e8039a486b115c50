package org.apache.heron.executor.tmanager;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.heron.proto.system.PhysicalPlans.StMgr;
import org.junit.jupiter.api.Test;

/** Of two processes of one container only the older one is asked to end. */
class ContainerDeskTest {

  private static final StMgr OLD =
      StMgr.newBuilder()
          .setId("stmgr-1")
          .setHostName("one")
          .setDataPort(1)
          .setLocalEndpoint("/unused")
          .setLocalDataPort(2)
          .setCwd("/sandbox/1")
          .setPid(100)
          .setShellPort(9000)
          .build();

  @Test
  void anOlderProcessElsewhereIsAskedToEnd() {
    StMgr newer = OLD.toBuilder().setHostName("two").setCwd("/sandbox/2").setPid(200).build();

    assertThat(ContainerDesk.isAnother(OLD, newer)).isTrue();
  }

  /** In images every copy of a container works in the same directory, as the same process. */
  @Test
  void onlyTheHostTellsTwoCopiesInImagesApart() {
    assertThat(ContainerDesk.isAnother(OLD, OLD.toBuilder().setHostName("two").build())).isTrue();
  }

  @Test
  void onlyThePortTellsTwoCopiesInImagesOnOneHostApart() {
    assertThat(ContainerDesk.isAnother(OLD, OLD.toBuilder().setShellPort(9001).build())).isTrue();
  }

  @Test
  void aProcessThatRegistersAgainIsNotAskedToEnd() {
    assertThat(ContainerDesk.isAnother(OLD, OLD.toBuilder().setDataPort(3).build())).isFalse();
  }

  @Test
  void theSuccessorAtTheSameShellAddressIsNotAskedToEndInTheOldersPlace() {
    StMgr newer = OLD.toBuilder().setCwd("/sandbox/2").setPid(200).build();

    assertThat(ContainerDesk.isAnother(OLD, newer)).isFalse();
  }
}
