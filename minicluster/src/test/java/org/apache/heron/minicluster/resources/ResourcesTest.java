package org.apache.heron.minicluster.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.Resource.ReservationInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourcesTest {
  private static Resources of(String text) {
    return Resources.of(ResourceFormat.parse(text));
  }

  @Provide
  Arbitrary<Resources> bags() {
    Arbitrary<String> cpus =
        Arbitraries.integers().between(0, 9_999).map(n -> "cpus:" + n / 1000.0);
    Arbitrary<String> mem = Arbitraries.integers().between(0, 4096).map(n -> "mem(heron):" + n);
    Arbitrary<String> port =
        Arbitraries.integers()
            .between(1, 60)
            .flatMap(
                begin ->
                    Arbitraries.integers()
                        .between(begin, begin + 9)
                        .map(end -> "ports:[" + begin + "-" + end + "]"));
    return Arbitraries.oneOf(cpus, mem, port)
        .list()
        .ofMaxSize(6)
        .map(parts -> of(String.join(";", parts)));
  }

  @Property(tries = 300)
  void whatIsAddedIsContained(@ForAll("bags") Resources one, @ForAll("bags") Resources other) {
    Resources sum = one.plus(other);
    assertThat(sum.contains(one)).isTrue();
    assertThat(sum.contains(other)).isTrue();
    assertThat(sum).isEqualTo(other.plus(one));
  }

  @Property(tries = 300)
  void whatIsTakenAndGivenBackIsTheSame(
      @ForAll("bags") Resources all, @ForAll("bags") Resources some) {
    Resources rest = all.minus(some);
    assertThat(all.contains(rest)).isTrue();
    if (all.contains(some)) {
      assertThat(rest.plus(some)).isEqualTo(all);
    }
  }

  @Property(tries = 300)
  void theMessageFormLosesNothing(@ForAll("bags") Resources bag) {
    assertThat(Resources.of(bag.list())).isEqualTo(bag);
    assertThat(Resources.of(bag.list().stream().map(ResourceFormat::page).toList())).isEqualTo(bag);
    assertThat(Resources.of(bag.list().stream().map(ResourceFormat::unrefined).toList()))
        .isEqualTo(bag);
  }

  @Test
  void thousandthsAddUpExactly() {
    Resources tenth = of("cpus:0.1");
    Resources sum = Resources.NONE;
    for (int i = 0; i < 10; i++) {
      sum = sum.plus(tenth);
    }
    assertThat(sum).isEqualTo(of("cpus:1"));
  }

  @Test
  void textIsThatOfMesos() {
    Resources resources = of("cpus(heron):0.5;mem:4096;ports:[31000-31099,31200-31299]");
    assertThat(resources.allocatedTo("heron").text())
        .isEqualTo(
            "cpus(allocated: heron)(reservations: [(STATIC,heron)]):0.5;"
                + " mem(allocated: heron):4096;"
                + " ports(allocated: heron):[31000-31099, 31200-31299]");
    assertThat(Resources.NONE.text()).isEqualTo("{}");
  }

  @Test
  @SuppressWarnings("deprecation") // the old form of reservations is still sent by frameworks
  void anOldDynamicReservationIsReadAsAStackOfOne() {
    Resource old =
        of("cpus:1").list().get(0).toBuilder()
            .setRole("heron")
            .setReservation(ReservationInfo.newBuilder().setPrincipal("p"))
            .build();
    Resource refined = Resources.of(List.of(old)).list().get(0);
    assertThat(refined.hasRole()).isFalse();
    assertThat(refined.getReservations(0))
        .isEqualTo(
            ReservationInfo.newBuilder()
                .setType(ReservationInfo.Type.DYNAMIC)
                .setRole("heron")
                .setPrincipal("p")
                .build());
    assertThat(ResourceFormat.unrefined(refined)).isEqualTo(old);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cpus", "cpus:", ":1", "cpus:x", "cpus:-1", "cpus:NaN", "ports:[a-b]", "ports:[]"})
  void aMalformedDescriptionIsNamed(String text) {
    assertThatThrownBy(() -> ResourceFormat.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({"ports:[9-1]", "ports:[5-4]"})
  void aRangeThatEndsBeforeItBeginsIsRefused(String text) {
    assertThatThrownBy(() -> of(text)).hasMessageContaining("ends before it begins");
  }

  @Test
  void aRefinedReservationAndWhatIsLentAreReadAndWritten() {
    assertThat(of("cpus(eng)(eng/dev):1;mem{REV}:64").text())
        .isEqualTo("cpus(reservations: [(STATIC,eng),(STATIC,eng/dev)]):1; mem{REV}:64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpus(eng)(ops):1", "cpus(eng/dev)(eng):1"})
  void aReservationThatRefinesNothingIsRefused(String text) {
    assertThatThrownBy(() -> ResourceFormat.parse(text))
        .hasMessageContaining(text)
        .hasMessageContaining("is not a refinement of");
  }

  @Test
  void dynamicReservationsOnRecordAreTakenOfWhatAnAgentWasStartedWith() {
    Resources started = of("cpus:4;cpus(eng):2;mem:512");
    Resources onRecord =
        Resources.of(
            Reserved.dynamically(ResourceFormat.parse("cpus(heron):1;cpus(eng)(eng/dev):1")));
    Resources total = Reserved.apply(started, onRecord).orElseThrow();
    assertThat(total.scalar("cpus")).isEqualTo(6);
    assertThat(Reserved.dynamic(total)).isEqualTo(onRecord);
    assertThat(Reserved.apply(of("cpus:0.5"), onRecord)).isEmpty();
  }

  @Test
  void anAmountIsANumberOrACount() {
    assertThat(of("cpus:1.5;cpus(a):2;ports:[1-3,7-7]").amount("cpus")).isEqualTo(3.5);
    assertThat(of("cpus:1.5;ports:[1-3,7-7]").amount("ports")).isEqualTo(4);
  }
}
