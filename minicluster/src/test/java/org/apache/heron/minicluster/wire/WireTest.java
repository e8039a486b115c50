package org.apache.heron.minicluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.heron.minicluster.protocol.AgentLink;
import org.apache.heron.minicluster.protocol.MasterLink;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.mesos.v1.Protos.AgentID;
import org.apache.mesos.v1.Protos.AgentInfo;
import org.apache.mesos.v1.Protos.DrainConfig;
import org.apache.mesos.v1.Protos.DurationInfo;
import org.apache.mesos.v1.Protos.ExecutorID;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.KillPolicy;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.junit.jupiter.api.Test;

/** The line between a master and an agent: all goes over it whole, and nothing else does. */
class WireTest {
  private static final AgentID AGENT = AgentID.newBuilder().setValue("S0").build();
  private static final FrameworkID FRAMEWORK = FrameworkID.newBuilder().setValue("fw").build();
  private static final TaskID TASK = TaskID.newBuilder().setValue("words").build();
  private static final FrameworkInfo INFO =
      FrameworkInfo.newBuilder().setId(FRAMEWORK).setName("test").setUser("me").build();
  private static final TaskInfo TASK_INFO =
      TaskInfo.newBuilder()
          .setName("words")
          .setTaskId(TASK)
          .setAgentId(AGENT)
          .setData(ByteString.copyFrom(new byte[] {0, -1, 10}))
          .build();
  private static final TaskStatus STATUS =
      TaskStatus.newBuilder()
          .setTaskId(TASK)
          .setState(TaskState.TASK_RUNNING)
          .setUuid(ByteString.copyFromUtf8("0123456789abcdef"))
          .setTimestamp(1234.5678)
          .build();
  private static final List<Resource> RESOURCES =
      ResourceFormat.parse("cpus:0.1;mem:32;ports:[1-2,5-9]");

  private static Stream<byte[]> agentCalls() {
    List<byte[]> calls = new ArrayList<>();
    everyCall(new AgentCalls(calls::add));
    return calls.stream();
  }

  private static void everyCall(AgentLink agent) {
    agent.registered(AGENT);
    agent.registerAgain();
    agent.runTask(INFO, TASK_INFO);
    agent.killTask(FRAMEWORK, TASK, Optional.empty());
    agent.killTask(
        FRAMEWORK,
        TASK,
        Optional.of(
            KillPolicy.newBuilder()
                .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(7))
                .build()));
    agent.drain(DrainConfig.newBuilder().setMarkGone(true).build());
    agent.reserved(RESOURCES);
    agent.acknowledge(FRAMEWORK, TASK, STATUS.getUuid());
    agent.frameworkUpdated(INFO);
    agent.shutdownFramework(FRAMEWORK);
    agent.shutdown("gone — for good");
  }

  private static List<byte[]> masterCalls() {
    List<byte[]> calls = new ArrayList<>();
    MasterCalls.Writer writer = new MasterCalls.Writer(calls::add);
    writer.ping(AGENT);
    writer.statusUpdate(AGENT, FRAMEWORK, STATUS, TaskState.TASK_FINISHED);
    writer.executorExited(AGENT, FRAMEWORK, ExecutorID.newBuilder().setValue("words").build(), -9);
    writer.unregister(AGENT);
    return calls;
  }

  private static MasterCalls.Registration registration() {
    return new MasterCalls.Registration(
        AgentInfo.newBuilder().setHostname("here").setPort(5).build(),
        RESOURCES,
        List.of(INFO),
        List.of(
            new MasterLink.RunningTask(FRAMEWORK, TASK_INFO, STATUS),
            new MasterLink.RunningTask(FRAMEWORK, TASK_INFO, STATUS)));
  }

  /** A link that writes down what it is told. */
  private static <T> T recorder(Class<T> type, List<String> heard) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              heard.add(
                  method.getName()
                      + (arguments == null
                          ? ""
                          : Arrays.stream(arguments)
                              .map(WireTest::text)
                              .collect(Collectors.joining("|"))));
              return null;
            }));
  }

  private static String text(Object argument) {
    return argument instanceof ByteString bytes ? bytes.toStringUtf8() : String.valueOf(argument);
  }

  @Test
  void whatTheMasterAsksArrivesAsItWasAsked() throws IOException {
    List<String> asked = new ArrayList<>();
    everyCall(recorder(AgentLink.class, asked));
    List<String> heard = new ArrayList<>();
    AgentLink agent = recorder(AgentLink.class, heard);
    for (byte[] call : agentCalls().toList()) {
      AgentCalls.dispatch(call, agent);
    }
    assertThat(heard).isEqualTo(asked);
  }

  @Test
  void whatTheAgentSaysArrivesAsItWasSaid() throws IOException {
    List<String> heard = new ArrayList<>();
    MasterLink master = recorder(MasterLink.class, heard);
    for (byte[] call : masterCalls()) {
      MasterCalls.dispatch(call, master);
    }
    assertThat(heard)
        .containsExactly(
            "ping" + AGENT,
            "statusUpdate" + AGENT + "|" + FRAMEWORK + "|" + STATUS + "|TASK_FINISHED",
            "executorExited" + AGENT + "|" + FRAMEWORK + "|value: \"words\"\n|-9",
            "unregister" + AGENT);
  }

  @Test
  void aRegistrationArrivesWithAllItsTasks() throws IOException {
    assertThat(MasterCalls.Registration.parse(registration().bytes())).isEqualTo(registration());
  }

  @Test
  void aCallThatIsCutOffIsRefusedWhole() {
    List<String> heard = new ArrayList<>();
    AgentLink agent = recorder(AgentLink.class, heard);
    MasterLink master = recorder(MasterLink.class, heard);
    agentCalls()
        .forEach(
            call -> {
              for (int length = 0; length < call.length; length++) {
                byte[] cut = Arrays.copyOf(call, length);
                assertThatThrownBy(() -> AgentCalls.dispatch(cut, agent))
                    .isInstanceOf(WireException.class);
              }
            });
    for (byte[] call : masterCalls()) {
      for (int length = 0; length < call.length; length++) {
        byte[] cut = Arrays.copyOf(call, length);
        assertThatThrownBy(() -> MasterCalls.dispatch(cut, master))
            .isInstanceOf(WireException.class);
      }
    }
    byte[] whole = registration().bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> MasterCalls.Registration.parse(cut))
          .isInstanceOf(WireException.class);
    }
    assertThat(heard).isEmpty();
  }

  @Test
  void whatIsNoCallIsRefusedByName() {
    AgentLink agent = recorder(AgentLink.class, new ArrayList<>());
    MasterLink master = recorder(MasterLink.class, new ArrayList<>());
    assertThatThrownBy(() -> AgentCalls.dispatch(Call.named("explode").bytes(), agent))
        .hasMessage("an agent knows no call 'explode'");
    assertThatThrownBy(() -> MasterCalls.dispatch(Call.named("register").bytes(), master))
        .hasMessage("a master knows no call 'register'");
    assertThatThrownBy(
            () -> AgentCalls.dispatch(Call.named("registerAgain").text("more").bytes(), agent))
        .hasMessageContaining("bytes too many");
    assertThatThrownBy(() -> MasterCalls.Registration.parse(Call.named("ping").with(AGENT).bytes()))
        .hasMessage("a stream begins by 'register', not by 'ping'");
    assertThatThrownBy(
            () ->
                AgentCalls.dispatch(
                    Call.named("reserved").number(Integer.MAX_VALUE).bytes(), agent))
        .hasMessage("a list of 2147483647 is announced, which did not come");
    assertThatThrownBy(
            () ->
                MasterCalls.dispatch(
                    Call.named("statusUpdate")
                        .with(AGENT)
                        .with(FRAMEWORK)
                        .with(STATUS)
                        .number(4711)
                        .bytes(),
                    master))
        .hasMessage("there is no task state 4711");
  }

  @Property(tries = 300)
  void noBytesDoAnythingButBeRefused(@ForAll byte[] bytes) {
    List<String> heard = new ArrayList<>();
    assertThatThrownBy(() -> AgentCalls.dispatch(bytes, recorder(AgentLink.class, heard)))
        .isInstanceOf(WireException.class);
    assertThatThrownBy(() -> MasterCalls.dispatch(bytes, recorder(MasterLink.class, heard)))
        .isInstanceOf(WireException.class);
    assertThat(heard).isEmpty();
  }

  private static RecordReader records(String text) {
    return new RecordReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void recordsAreReadOneByOneToTheEndOfTheStream() throws IOException {
    RecordReader records = records("3\nabc0\n11\n0123456789\n");
    assertThat(records.next()).hasValue("abc".getBytes(StandardCharsets.US_ASCII));
    assertThat(records.next()).hasValue(new byte[0]);
    assertThat(records.next()).hasValue("0123456789\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(records.next()).isEmpty();
    assertThat(RecordReader.record(new byte[] {7})).isEqualTo(new byte[] {'1', '\n', 7});
  }

  @Test
  void aStreamThatHoldsNoRecordsIsRefused() {
    assertThatThrownBy(() -> records("x\n").next()).isInstanceOf(WireException.class);
    assertThatThrownBy(() -> records("\n").next()).isInstanceOf(WireException.class);
    assertThatThrownBy(() -> records("-1\n").next()).isInstanceOf(WireException.class);
    assertThatThrownBy(() -> records("12").next()).isInstanceOf(WireException.class);
    assertThatThrownBy(() -> records("99999999\n").next()).isInstanceOf(WireException.class);
    assertThatThrownBy(() -> records("999999999").next()).isInstanceOf(WireException.class);
    assertThatThrownBy(() -> records("5\nabc").next()).isInstanceOf(EOFException.class);
  }
}
