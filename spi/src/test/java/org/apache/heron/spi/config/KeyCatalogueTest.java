package org.apache.heron.spi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyCatalogueTest {

  @Test
  void everyKeyOfTheEnumIsListedWithItsDefault() {
    for (Key key : Key.values()) {
      assertThat(KeyCatalogue.find(key.text()))
          .as(key.text())
          .hasValueSatisfying(
              known ->
                  assertThat(known.defaultValue())
                      .isEqualTo(key.defaultValue().map(String::valueOf)));
    }
  }

  @Test
  void everyKeyHasASectionATypeAndASentence() {
    assertThat(KeyCatalogue.all())
        .allSatisfy(
            key -> {
              assertThat(key.section()).isNotBlank();
              assertThat(key.type())
                  .isIn(
                      "text", "boolean", "integer", "decimal", "bytes", "map", "list", "internal");
              assertThat(key.description()).endsWith(".");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "heron.mesos.master.url, heron.mesos.master.uri",
    "heron.mesos.master, heron.mesos.master.uri",
    "heron.statemgr.conection.string, heron.statemgr.connection.string",
    "heron.class.state-manager, heron.class.state.manager",
    "heron.tmaster.stmgr.state.timeout.sec, heron.tmanager.stmgr.state.timeout.sec",
  })
  void aMistypedKeyHasANearestKnownKey(String typed, String meant) {
    assertThat(KeyCatalogue.nearest(typed)).contains(meant);
  }

  @Test
  void anUnknownKeyIsToldWithItsPlace() {
    Config config =
        Config.of(
            Map.of(
                "heron.mesos.master.url",
                "x",
                "something.entirely.different",
                1,
                "heron.mesos.master.uri",
                "x",
                "heron.class.health.policies",
                List.of("my-policy"),
                "my-policy",
                Map.of()),
            Map.of("heron.mesos.master.url", "conf/mesos/scheduler.yaml:3"));
    assertThat(ConfigLoader.unknownKeys(config))
        .extracting(UnknownKey::toString)
        .containsExactly(
            "unknown key heron.mesos.master.url in conf/mesos/scheduler.yaml:3;"
                + " did you mean heron.mesos.master.uri?",
            "unknown key something.entirely.different in default");
  }
}
