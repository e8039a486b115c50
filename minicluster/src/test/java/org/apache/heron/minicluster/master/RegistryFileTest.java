package org.apache.heron.minicluster.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.mesos.v1.Protos.AgentID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryFileTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final Instant WHEN = Instant.ofEpochMilli(1_700_000_000_123L);

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void choose() {
    file = directory.resolve("registry");
  }

  private static AgentID id(String id) {
    return AgentID.newBuilder().setValue(id).build();
  }

  @Test
  void whatOneMasterRemembersTheNextOnesKnow() throws IOException {
    Registry first = Registry.onDisk(file, TIMEOUT);
    assertThat(first.admitted()).isEmpty();
    first.admit(id("stays"));
    first.admit(id("leaves"));
    first.admit(id("returns"));
    first.remove(id("leaves"));
    first.unreachable(id("returns"), 5);
    first.unreachable(id("silent \"S1\"\n"), Long.MAX_VALUE);
    first.admit(id("returns"));
    first.gone(id("never"), WHEN);

    Registry next = Registry.onDisk(file, TIMEOUT);

    assertThat(next.admitted()).containsExactlyInAnyOrder(id("stays"), id("returns"));
    assertThat(next.unreachable()).isEqualTo(Map.of(id("silent \"S1\"\n"), Long.MAX_VALUE));
    assertThat(next.gone()).isEqualTo(Map.of(id("never"), WHEN));
  }

  @Test
  void aFileThatIsNoRegistryIsNamedAndNotTakenForAnEmptyOne() throws IOException {
    for (String text :
        List.of(
            "",
            "{",
            "[]",
            "{}",
            "{\"admitted\":{},\"unreachable\":[],\"gone\":[]}",
            "{\"admitted\":[7],\"unreachable\":[],\"gone\":[]}",
            "{\"admitted\":[\"\"],\"unreachable\":[],\"gone\":[]}",
            "{\"admitted\":[],\"unreachable\":[{\"id\":\"a\"}],\"gone\":[]}",
            "{\"admitted\":[],\"unreachable\":[],\"gone\":[{\"since_milliseconds\":1}]}")) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> Registry.onDisk(file, TIMEOUT))
          .as(text)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("is no registry");
    }
  }
}
