package org.apache.heron.packing.parallelism;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.heron.packing.PlanText;
import org.apache.heron.packing.TopologyFixture;
import org.junit.jupiter.api.Test;

class ParallelismTest {
  @Test
  void componentsComeInUpstreamsOrder() {
    TopologyFixture topology =
        new TopologyFixture().spout("word", 1).spout("spout", 1).bolt("exclaim1", 1);
    topology.bolt("bolt", 1);
    assertThat(Parallelism.of(topology.build()).counts().keySet())
        .containsExactly("spout", "exclaim1", "bolt", "word");
  }

  /** A map grows at 13 entries, 25, …; one copied from another has grown at 12, 24, … already. */
  @Test
  void twelveComponentsAreInSixteenBuckets() {
    TopologyFixture topology = new TopologyFixture();
    List<String> names = IntStream.range(0, 12).mapToObj(i -> "component-" + i * 7).toList();
    names.forEach(name -> topology.bolt(name, 1));
    List<String> expected =
        names.stream().sorted(Comparator.comparingInt(name -> bucket(name, 16))).toList();
    assertThat(Parallelism.of(topology.build()).counts().keySet())
        .containsExactlyElementsOf(expected);
    assertThat(expected)
        .isNotEqualTo(
            names.stream().sorted(Comparator.comparingInt(name -> bucket(name, 32))).toList());
  }

  @Test
  void changesAreInTheOrderOfTheChangedComponentsAlone() {
    TopologyFixture topology = new TopologyFixture();
    IntStream.range(0, 20).forEach(i -> topology.bolt("component-" + i * 7, 1));
    Changes changes =
        Changes.of(
            topology.build(),
            PlanText.plan("1: component-0#1(0) component-7#2(0) component-14#3(0)"),
            Map.of("component-7", 1, "component-14", 2, "component-0", -1, "component-21", 0));
    assertThat(changes.added())
        .containsOnly(Map.entry("component-7", 1), Map.entry("component-14", 2));
    assertThat(List.copyOf(changes.added().keySet()))
        .isSortedAccordingTo(Comparator.comparingInt((String name) -> bucket(name, 16)));
    assertThat(changes.removed()).containsOnly(Map.entry("component-0", 1));
  }

  private static int bucket(String name, int buckets) {
    int hash = name.hashCode();
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  }
}
