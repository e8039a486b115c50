package org.apache.heron.executor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.heron.executor.tuple.UserObjects;
import org.apache.heron.proto.api.TopologyAPI.Config;
import org.apache.heron.proto.api.TopologyAPI.Config.KeyValue;
import org.apache.heron.proto.api.TopologyAPI.ConfigValueType;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.api.TopologyAPI.TopologyState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComponentConfigTest {

  private static final String MODE = "topology.reliability.mode";
  private static final String ACKING = "topology.acking";

  private static ComponentConfig config(Map<String, String> values) {
    Config.Builder config = Config.newBuilder();
    values.forEach(
        (key, value) ->
            config.addKvs(
                KeyValue.newBuilder()
                    .setKey(key)
                    .setValue(value)
                    .setType(ConfigValueType.STRING_VALUE)));
    Topology topology =
        Topology.newBuilder()
            .setId("test-1")
            .setName("test")
            .setState(TopologyState.RUNNING)
            .setTopologyConfig(config)
            .build();
    return ComponentConfig.of(
        topology, "any", new UserObjects(ComponentConfigTest.class.getClassLoader()));
  }

  @ParameterizedTest
  @CsvSource({"ATMOST_ONCE, false", "ATLEAST_ONCE, true", "EFFECTIVELY_ONCE, false"})
  void theReliabilityModeDecidesWhateverTheOlderSettingSays(String mode, boolean tracked) {
    assertThat(config(Map.of(MODE, mode)).acking()).isEqualTo(tracked);
    assertThat(config(Map.of(MODE, mode, ACKING, "true")).acking()).isEqualTo(tracked);
    assertThat(config(Map.of(MODE, mode, ACKING, "false")).acking()).isEqualTo(tracked);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theOlderSettingDecidesWhereThereIsNoMode(boolean acking) {
    assertThat(config(Map.of(ACKING, String.valueOf(acking))).acking()).isEqualTo(acking);
  }

  @Test
  void nothingIsTrackedUnlessAskedFor() {
    assertThat(config(Map.of()).acking()).isFalse();
  }
}
