package org.apache.heron.minicluster.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.TimeInfo;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MesosJsonTest {
  private static Call call(String json) throws MesosJsonException {
    return MesosJson.merge(MesosJson.parse(json), Call.newBuilder()).build();
  }

  @Test
  void aStatusIsWrittenInTheOrderOfDeclarationWithBase64AndPlainDoubles() {
    TaskStatus status =
        TaskStatus.newBuilder()
            .setUuid(ByteString.copyFromUtf8("0123456789abcdef"))
            .setTimestamp(1795225517.6569297)
            .setState(TaskState.TASK_RUNNING)
            .setTaskId(TaskID.newBuilder().setValue("a/b\"c"))
            .build();
    assertThat(MesosJson.print(status))
        .isEqualTo(
            "{\"task_id\":{\"value\":\"a/b\\\"c\"},\"state\":\"TASK_RUNNING\","
                + "\"timestamp\":1795225517.6569297,\"uuid\":\"MDEyMzQ1Njc4OWFiY2RlZg==\"}");
  }

  @Test
  void fieldsWithADefaultAreWrittenThoughUnsetUnlessDeprecated() {
    assertThat(MesosJson.print(AgentInfo.newBuilder().setHostname("h").build()))
        .isEqualTo("{\"hostname\":\"h\",\"port\":5051}");
    assertThat(MesosJson.print(FrameworkInfo.newBuilder().setUser("u").setName("n").build()))
        .isEqualTo("{\"user\":\"u\",\"name\":\"n\",\"failover_timeout\":0.0,\"checkpoint\":false}");
  }

  @Test
  void longsAreNumbersAndDoublesNeverHaveAnExponent() {
    assertThat(MesosJson.print(TimeInfo.newBuilder().setNanoseconds(1795225664907303680L).build()))
        .isEqualTo("{\"nanoseconds\":1795225664907303680}");
    assertThat(MesosJson.number(1e9).toString()).isEqualTo("1000000000.0");
    assertThat(MesosJson.number(0.1).toString()).isEqualTo("0.1");
    assertThat(new String(MesosJson.write(MesosJson.number(1795225517.25)), StandardCharsets.UTF_8))
        .startsWith("1795225517");
  }

  @Test
  void whatIsWrittenIsReadAgain() throws MesosJsonException {
    Resource ports =
        MesosJson.merge(
                MesosJson.parse(
                    "{\"name\":\"ports\",\"type\":\"RANGES\",\"ranges\":{\"range\":"
                        + "[{\"begin\":31000,\"end\":31999}]}}"),
                Resource.newBuilder())
            .build();
    assertThat(ports.getRanges().getRange(0).getEnd()).isEqualTo(31999);
    assertThat(MesosJson.merge(MesosJson.tree(ports), Resource.newBuilder()).build())
        .isEqualTo(ports);
  }

  @Test
  void unknownFieldsUnknownOptionalEnumsAndNullsAreLeftOut() throws MesosJsonException {
    Call call = call("{\"type\":\"DANCE\",\"rolez\":[1,{}],\"framework_id\":null}");
    assertThat(call.hasType()).isFalse();
    assertThat(call.hasFrameworkId()).isFalse();
  }

  @Test
  void aMissingRequiredFieldIsNamedWithItsPath() {
    assertThatThrownBy(
            () ->
                call(
                    "{\"type\":\"SUBSCRIBE\",\"subscribe\":{\"framework_info\":{\"name\":\"n\"}}}"))
        .isInstanceOf(MesosJsonException.class)
        .hasMessage("Missing required fields: subscribe.framework_info.user");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{nope | syntax error at line 1 near: nope",
        "{\"a\":tru} | syntax error at line 1 near: }",
        "[1,2 | `syntax error at line 1 near: `",
        "{} x | `Parsed JSON included non-whitespace trailing characters:  x`",
        "[] | Expecting a JSON object",
        "{\"framework_id\":\"x\"} | Not expecting a JSON string for field 'framework_id'",
        "{\"framework_id\":{\"value\":1}} | Not expecting a JSON number for field 'value'",
        "{\"type\":{}} | Not expecting a JSON object for field 'type'",
        "{\"type\":[]} | Not expecting a JSON array for field 'type'",
        "{\"type\":true} | Not expecting a JSON boolean for field 'type'",
        "{\"accept\":{\"offer_ids\":{}}} | Not expecting a JSON object for field 'offer_ids'",
        "{\"decline\":{\"filters\":{\"refuse_seconds\":\"x\"}}} |"
            + " Failed to parse 'x' as a JSON number for field 'refuse_seconds': syntax error at line 1 near: x",
      })
  void badJsonIsRefusedWithTheTextOfMesos(String json, String message) {
    assertThatThrownBy(() -> call(json)).hasMessage(message);
  }

  @Test
  void deepNestingAndHugeNumbersAreRefusedWithoutHarm() {
    assertThatThrownBy(() -> MesosJson.parse("[".repeat(100_000)))
        .isInstanceOf(MesosJsonException.class);
    assertThatThrownBy(() -> MesosJson.parse("1e999999999")).isInstanceOf(MesosJsonException.class);
  }

  @Test
  void escapesAndQuotedNumbersAreUnderstood() throws MesosJsonException {
    assertThat(MesosJson.parse("\"\\u0041\\n\\/\"").textValue()).isEqualTo("A\n/");
    assertThat(call("{\"decline\":{\"filters\":{\"refuse_seconds\":\"1.5\"}}}"))
        .extracting(c -> c.getDecline().getFilters().getRefuseSeconds())
        .isEqualTo(1.5);
  }
}
