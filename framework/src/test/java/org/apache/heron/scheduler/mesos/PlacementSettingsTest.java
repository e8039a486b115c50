package org.apache.heron.scheduler.mesos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.placement.Constraint;
import org.apache.heron.framework.placement.Constraint.Operator;
import org.apache.heron.framework.placement.Policy;
import org.apache.heron.framework.placement.Rules;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of placement as users write them. */
class PlacementSettingsTest {
  private static Rules rules(String key, Object value) {
    return new PlacementSettings(
            Config.of(Map.of(key, value), Map.of(key, "conf/mesos/scheduler.yaml")))
        .rules();
  }

  private static List<Constraint> constraints(Object value) {
    return rules(ConstraintReader.KEY, value).constraints();
  }

  @Test
  void constraintsAreReadFromYamlAndFromACommandLine() {
    List<Constraint> expected =
        List.of(
            new Constraint("hostname", Operator.UNIQUE, ""),
            new Constraint("rack", Operator.GROUP_BY, "3"),
            new Constraint("@zone", Operator.MAX_PER, "2"),
            new Constraint("gen", Operator.IS, "3"),
            new Constraint("disk", Operator.LIKE, "ssd|nvme"));
    assertThat(
            constraints(
                List.of(
                    List.of("hostname", "UNIQUE"),
                    List.of("rack", "GROUP_BY", 3),
                    List.of("@zone", "MAX_PER", "2"),
                    List.of("gen", "IS", 3),
                    List.of("disk", "LIKE", "ssd|nvme"))))
        .isEqualTo(expected);
    assertThat(
            constraints(
                "[[\"hostname\",\"unique\"],[\"rack\",\"GROUP_BY\",\"3\"],[\"@zone\",\"MAX_PER\",2],"
                    + "[\"gen\",\"IS\",3],[\"disk\",\"LIKE\",\"ssd|nvme\"]]"))
        .isEqualTo(expected);
    assertThat(constraints("")).isEmpty();
    assertThat(constraints("[]")).isEmpty();
  }

  @Test
  void aConstraintIsOfABoundedLength() {
    assertThat(constraints(List.of(List.of("hostname", "LIKE", "a".repeat(4000))))).hasSize(1);
    assertThatThrownBy(
            () -> constraints(List.of(List.of("hostname", "LIKE", "host-a1|".repeat(501)))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("[hostname, LIKE, host-a1|host-a1|")
        .hasMessageContaining("is of 4008 characters; 4000 are the most")
        .hasMessageContaining("conf/mesos/scheduler.yaml")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "hostname:UNIQUE | is no list in JSON; write [[\"hostname\", \"UNIQUE\"]]",
        "{\"a\": 1} | is no list in JSON; write [[\"hostname\", \"UNIQUE\"]]",
        "[\"hostname\", \"UNIQUE\"] | is not [field, operator] or [field, operator, value]",
        "[[\"hostname\"]] | is not [field, operator] or [field, operator, value]",
        "[[\"a\", \"IS\", \"b\", \"c\"]] | is not [field, operator] or [field, operator, value]",
        "[[\"a\", \"IS\", [1]]] | holds something that is no text or number",
        "[[\"a\", null]] | holds something that is no text or number",
        "[[\" \", \"UNIQUE\"]] | names no field",
        "[[\"@rack\", \"UNIQUE\"]] | only @region and @zone begin with @",
        "[[\"rack\", \"GROUPBY\"]] | has no operator 'GROUPBY'; it is one of [UNIQUE, CLUSTER,",
        "[[\"rack\", \"UNIQUE\", \"3\"]] | has a value, but UNIQUE takes none",
        "[[\"rack\", \"MAX_PER\"]] | needs a whole number from 1",
        "[[\"rack\", \"MAX_PER\", 0]] | needs a whole number from 1",
        "[[\"rack\", \"MAX_PER\", \"99999999999\"]] | needs a whole number from 1",
        "[[\"rack\", \"GROUP_BY\", \"two\"]] | needs a whole number from 1, or no value",
        "[[\"rack\", \"LIKE\"]] | needs a regular expression",
        "[[\"rack\", \"UNLIKE\", \"r[\"]] | has no regular expression in the syntax of RE2: missing closing ]",
        "[[\"rack\", \"LIKE\", \"(?=r)r1\"]] | in the syntax of RE2: invalid or unsupported Perl syntax in '(?='",
        "[[\"rack\", \"LIKE\", \"(((a{999}){999}){999}){999}\"]] | repeats too much too often",
        "[[\"rack\", \"IS\"]] | needs a value",
      })
  void aBadConstraintIsRefusedInOneLineWithKeyValueAndFile(String value, String problem) {
    assertThatThrownBy(() -> constraints(value))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("heron.mesos.constraints: ")
        .hasMessageContaining(problem)
        .hasMessageEndingWith("(from conf/mesos/scheduler.yaml)")
        .hasMessageNotContaining("\n");
  }

  @Test
  void anExpressionThatIsNestedTooDeeplyIsRefused() {
    String deep = "(".repeat(501) + "a" + ")".repeat(501);
    assertThatThrownBy(() -> constraints("[[\"rack\", \"LIKE\", \"" + deep + "\"]]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("has a regular expression with more than 500 groups");
  }

  @Test
  void policyAndGangAreRead() {
    assertThat(rules("heron.mesos.placement.policy", "Pack").policy()).isEqualTo(Policy.PACK);
    assertThat(rules("heron.mesos.revocable", true).revocable()).isTrue();
    assertThat(rules("x", "y").gang()).isEqualTo(Rules.Gang.ALWAYS);
    assertThat(rules("heron.mesos.gang.wait.ms", 0).gang()).isEqualTo(Rules.Gang.NONE);
    assertThat(rules("heron.mesos.gang.wait.ms", 60_000).gang())
        .isEqualTo(new Rules.Gang(true, Optional.of(Duration.ofMinutes(1))));
    assertThat(rules("heron.mesos.gang.wait.ms", -1).gang()).isEqualTo(Rules.Gang.ALWAYS);
    assertThatThrownBy(() -> rules("heron.mesos.gang.wait.ms", -7))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "heron.mesos.gang.wait.ms is '-7' (from conf/mesos/scheduler.yaml), but must be");
    assertThatThrownBy(() -> rules("heron.mesos.gang.wait.ms", Long.MAX_VALUE))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("heron.mesos.gang.wait.ms");
    assertThatThrownBy(() -> rules("heron.mesos.placement.policy", "random"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "heron.mesos.placement.policy is 'random' (from conf/mesos/scheduler.yaml), but must be"
                + " one of [spread, pack]");
  }

  @Test
  void gpusAreAWholeNumber() {
    for (Object bad : List.of(-1, "1.5", 2000)) {
      assertThatThrownBy(
              () -> new PlacementSettings(Config.of(Map.of("heron.mesos.gpus", bad))).check())
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("heron.mesos.gpus");
    }
  }
}
