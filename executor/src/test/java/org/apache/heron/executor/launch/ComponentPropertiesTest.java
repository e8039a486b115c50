package org.apache.heron.executor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ComponentPropertiesTest {
  private final Properties properties = new Properties();

  @Test
  void propertiesOfTheContainersComponentsAreSet() {
    List<String> leftOut =
        ComponentProperties.apply(
            Map.of("word", " -Dcolour=red  -Dflag -Durl=a=b ", "elsewhere", "-Dother=1"),
            List.of("word", "count", "word"),
            properties);

    assertThat(leftOut).isEmpty();
    assertThat(properties)
        .containsOnly(Map.entry("colour", "red"), Map.entry("flag", ""), Map.entry("url", "a=b"));
  }

  @Test
  void whatOneJvmCannotHaveIsNamed() {
    properties.setProperty("taken", "1");

    List<String> leftOut =
        ComponentProperties.apply(
            Map.of("a", "-Xmx1g -Dtaken=2", "b", "-Dtaken=1 -D"), List.of("b", "a"), properties);

    assertThat(leftOut)
        .containsExactly(
            "topology.component.jvmopts of a: -Xmx1g is left out; the container's instances share"
                + " one JVM",
            "topology.component.jvmopts of a: -Dtaken=2 is left out; the property is '1' already",
            "topology.component.jvmopts of b: -D is left out; the container's instances share one"
                + " JVM");
    assertThat(properties).containsOnly(Map.entry("taken", "1"));
  }
}
