package org.apache.heron.statemgr;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.statemgr.StateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateManagersTest {
  private static final String KEY = "heron.class.state.manager";

  @ParameterizedTest
  @ValueSource(
      strings = {"no.such.Class", "java.lang.String", "", "org.apache.heron.spi.config.Key"})
  void aClassThatIsNoStateManagerIsNamedWithItsPlace(String name) {
    Config config = Config.of(Map.of(KEY, name), Map.of(KEY, "conf/x/statemgr.yaml:3"));
    assertThatThrownBy(() -> StateManagers.open(config))
        .isInstanceOf(StateException.class)
        .hasMessageStartingWith(
            "Failed to instantiate state manager class '"
                + name
                + "' (heron.class.state.manager, from conf/x/statemgr.yaml:3): ");
  }

  @Test
  void withoutAClassTheKeyIsNamed() {
    assertThatThrownBy(() -> StateManagers.open(Config.of(Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(KEY);
  }
}
