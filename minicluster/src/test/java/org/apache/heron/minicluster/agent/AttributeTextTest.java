package org.apache.heron.minicluster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.mesos.v1.Protos.Attribute;
import org.apache.mesos.v1.Protos.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AttributeTextTest {
  @Test
  void theKindOfAnAttributeIsReadFromItsValue() {
    var attributes = AttributeText.attributes("rack:r1; gen:3;ssd:true;p:[1-2, 5-6];url:a:b;");
    assertThat(attributes.stream().map(Attribute::getName))
        .containsExactly("rack", "gen", "ssd", "p", "url");
    assertThat(attributes.stream().map(Attribute::getType))
        .containsExactly(
            Value.Type.TEXT,
            Value.Type.SCALAR,
            Value.Type.TEXT,
            Value.Type.RANGES,
            Value.Type.TEXT);
    assertThat(attributes.get(4).getText().getValue()).isEqualTo("a:b");
    assertThat(AttributeText.attributes("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rack", ":r1", "p:[1-", "p:[2-1]", "p:[a-b]", "p:[]"})
  void whatIsMalformedIsRefusedByName(String text) {
    assertThatThrownBy(() -> AttributeText.attributes(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }
}
