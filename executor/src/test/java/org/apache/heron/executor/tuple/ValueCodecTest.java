package org.apache.heron.executor.tuple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.heron.streamlet.KeyValue;
import org.apache.heron.streamlet.KeyedWindow;
import org.apache.heron.streamlet.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValueCodecTest {

  private final ValueCodec codec =
      new ValueCodec(
          Serializers.forTopology(Map.of(), new UserObjects(getClass().getClassLoader())));

  static List<Object> values() {
    return List.of(
        0,
        -1,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Double.MIN_VALUE,
        Float.NaN,
        "plain",
        "",
        "\u00ff\u0100",
        "x".repeat(100_000),
        'x',
        List.of(),
        List.of(1),
        List.of(1, "2", 3L),
        Set.of("a", "b", "c"),
        Map.of("k", List.of(true, false)),
        new LinkedHashMap<>(Map.of(1, 2)),
        new LinkedHashSet<>(List.of(1, 2)),
        new ArrayList<>(Arrays.asList(null, 1)),
        Arrays.asList("fixed", "size"),
        new java.util.TreeMap<>(Map.of("sorted", 1)),
        Thread.State.NEW,
        java.util.UUID.fromString("00000000-0000-0001-0000-000000000002"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueComesOutAsItWentIn(Object value) {
    WireWriter out = new WireWriter(4);
    codec.write(out, value);
    WireReader in = new WireReader(out.array(), 0, out.position());
    assertThat(codec.read(in)).isEqualTo(value);
    assertThat(in.remaining()).isZero();
  }

  @Test
  void deepNestingIsLeftToTheSerializer() {
    Object nested = "core";
    for (int i = 0; i < 100; i++) {
      nested = new ArrayList<>(List.of(nested));
    }
    WireWriter out = new WireWriter(4);
    codec.write(out, nested);
    assertThat(codec.read(new WireReader(out.array(), 0, out.position()))).isEqualTo(nested);
  }

  @Test
  void whatCannotBeSerializedIsSaidSo() {
    Object unserializable = new Object();
    assertThatThrownBy(() -> codec.write(new WireWriter(4), unserializable))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Object");
  }

  /** Every tuple of most streamlets is one. */
  @Test
  void thePairsOfStreamletsNeedNoSerializer() {
    ValueCodec builtIn = new ValueCodec(null);
    WireWriter out = new WireWriter(4);
    builtIn.write(
        out,
        new KeyValue<>(
            new KeyedWindow<>("key", new Window(-1, Long.MAX_VALUE, 3)),
            new ArrayList<>(Arrays.asList(1, null))));
    WireReader in = new WireReader(out.array(), 0, out.position());
    KeyValue<?, ?> pair = (KeyValue<?, ?>) builtIn.read(in);
    KeyedWindow<?> keyed = (KeyedWindow<?>) pair.getKey();
    assertThat(keyed.getKey()).isEqualTo("key");
    assertThat(keyed.getWindow().getStartTime()).isEqualTo(-1);
    assertThat(keyed.getWindow().getEndTime()).isEqualTo(Long.MAX_VALUE);
    assertThat(keyed.getWindow().getCount()).isEqualTo(3);
    assertThat(pair.getValue()).isEqualTo(Arrays.asList(1, null));
    assertThat(in.remaining()).isZero();
  }

  @Test
  void aKeyedWindowWithoutWindowComesOutAsItWentIn() {
    WireWriter out = new WireWriter(4);
    codec.write(out, new KeyedWindow<>("key", null));
    KeyedWindow<?> keyed =
        (KeyedWindow<?>) codec.read(new WireReader(out.array(), 0, out.position()));
    assertThat(keyed.getKey()).isEqualTo("key");
    assertThat(keyed.getWindow()).isNull();
  }

  @Test
  void bytesCutOffAnywhereAreRefused() {
    WireWriter out = new WireWriter(4);
    codec.write(out, new ArrayList<>(List.of("text", 5, Map.of("k", 1.5), new byte[9].length)));
    for (int end = 0; end < out.position(); end++) {
      WireReader in = new WireReader(out.array(), 0, end);
      assertThatThrownBy(() -> codec.read(in)).isInstanceOf(WireException.class);
    }
  }

  @Test
  void rubbishNeverHarmsMoreThanItself() {
    Random random = new Random(7);
    ValueCodec builtIn = new ValueCodec(null); // what serializers make of rubbish is their affair
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = (byte) random.nextInt(23); // the built-in kinds
      }
      try {
        builtIn.read(new WireReader(bytes, 0, bytes.length));
      } catch (RuntimeException e) {
        assertThat(e).isNotNull(); // refused; neither memory nor the stack ran out
      }
    }
  }
}
