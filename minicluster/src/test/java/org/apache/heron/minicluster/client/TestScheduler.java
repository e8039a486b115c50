package org.apache.heron.minicluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.apache.heron.minicluster.resources.ResourceFormat;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.Filters;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A scheduler for stories: say this, expect that. It speaks protobuf and acknowledges by itself.
 */
public final class TestScheduler implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MEDIA = "application/x-protobuf";

  private final MasterClient client = new MasterClient();
  private final IntSupplier port;
  private FrameworkInfo info;
  private Subscription stream;
  private String streamId;
  private Map<String, String> credentials = Map.of();
  private final List<Event> events = new ArrayList<>();

  public TestScheduler(IntSupplier port, FrameworkInfo info) {
    this.port = port;
    this.info = info;
  }

  /** A framework with the capabilities of Heron's. */
  public static FrameworkInfo.Builder framework(String role) {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setUser(System.getProperty("user.name"))
            .setName("test")
            .setCheckpoint(true)
            .setFailoverTimeout(3600)
            .addRoles(role);
    for (FrameworkInfo.Capability.Type type :
        List.of(
            FrameworkInfo.Capability.Type.MULTI_ROLE,
            FrameworkInfo.Capability.Type.PARTITION_AWARE,
            FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT)) {
      info.addCapabilities(FrameworkInfo.Capability.newBuilder().setType(type));
    }
    return info;
  }

  /** Subscribes, or subscribes again under the same id; waits for SUBSCRIBED. */
  public TestScheduler subscribe() throws Exception {
    post();
    Event event = expect(e -> e.getType() == Event.Type.SUBSCRIBED);
    info = info.toBuilder().setId(event.getSubscribed().getFrameworkId()).build();
    return this;
  }

  /** Who authenticates from now on. */
  public TestScheduler authenticated(String principal, String secret) {
    byte[] words = (principal + ":" + secret).getBytes(StandardCharsets.UTF_8);
    credentials = Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString(words));
    return this;
  }

  /** Sends SUBSCRIBE, and waits for no event. */
  public void post() throws Exception {
    Call.Builder call =
        Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info));
    if (info.hasId()) {
      call.setFrameworkId(info.getId());
    }
    events.clear();
    HttpResponse<InputStream> response = post(call.build(), Map.of());
    assertThat(response.statusCode()).isEqualTo(200);
    streamId = response.headers().firstValue("Mesos-Stream-Id").orElseThrow();
    stream = MasterClient.subscription(response);
  }

  public FrameworkID id() {
    return info.getId();
  }

  private HttpResponse<InputStream> post(Call call, Map<String, String> more)
      throws IOException, InterruptedException {
    Map<String, String> headers = new HashMap<>(more);
    headers.putAll(credentials);
    headers.put("Content-Type", MEDIA);
    headers.put("Accept", MEDIA);
    return client.send(port.getAsInt(), "POST", "/api/v1/scheduler", headers, call.toByteArray());
  }

  /** Sends a call of the subscribed framework; the status that was answered. */
  public int call(Call.Builder call) throws Exception {
    HttpResponse<InputStream> response =
        post(call.setFrameworkId(info.getId()).build(), Map.of("Mesos-Stream-Id", streamId));
    response.body().readAllBytes();
    return response.statusCode();
  }

  /** Waits for an event; those before it stay for later. */
  public Event expect(Predicate<Event> condition) {
    AtomicReference<Event> found = new AtomicReference<>();
    try {
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                receive();
                events.stream().filter(condition).findFirst().ifPresent(found::set);
                return found.get() != null;
              });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("it did not come; what came besides: " + events, e);
    }
    events.remove(found.get());
    return found.get();
  }

  /** All that came and was not expected yet. */
  public List<Event> received() throws Exception {
    receive();
    return List.copyOf(events);
  }

  private void receive() throws Exception {
    for (Optional<byte[]> r = stream.poll(); r.isPresent(); r = stream.poll()) {
      Event event = parse(r.get());
      events.add(event);
      TaskStatus status = event.getUpdate().getStatus();
      if (status.hasUuid()) {
        call(
            Call.newBuilder()
                .setType(Call.Type.ACKNOWLEDGE)
                .setAcknowledge(
                    Call.Acknowledge.newBuilder()
                        .setAgentId(status.getAgentId())
                        .setTaskId(status.getTaskId())
                        .setUuid(status.getUuid())));
      }
    }
  }

  private static Event parse(byte[] record) throws InvalidProtocolBufferException {
    return Event.parseFrom(record);
  }

  public Offer expectOffer() {
    return expect(e -> e.getType() == Event.Type.OFFERS).getOffers().getOffers(0);
  }

  public TaskStatus expectStatus(String task, TaskState state) {
    return expect(
            e ->
                e.getUpdate().getStatus().getState() == state
                    && e.getUpdate().getStatus().getTaskId().getValue().equals(task))
        .getUpdate()
        .getStatus();
  }

  /** Accepts an offer with one command task; the rest may come again after Mesos' five seconds. */
  public void launch(Offer offer, String task, String command) throws Exception {
    launch(offer, task, command, Duration.ofSeconds(5));
  }

  /** Accepts an offer with one command task, and is not offered the rest for so long. */
  public void launch(Offer offer, String task, String command, Duration refused) throws Exception {
    TaskInfo info =
        TaskInfo.newBuilder()
            .setName(task)
            .setTaskId(TaskID.newBuilder().setValue(task))
            .setAgentId(offer.getAgentId())
            .addAllResources(ResourceFormat.parse("cpus:0.1;mem:32"))
            .setCommand(CommandInfo.newBuilder().setShell(true).setValue(command))
            .build();
    int status =
        call(
            Call.newBuilder()
                .setType(Call.Type.ACCEPT)
                .setAccept(
                    Call.Accept.newBuilder()
                        .addOfferIds(offer.getId())
                        .setFilters(
                            Filters.newBuilder().setRefuseSeconds((double) refused.toSeconds()))
                        .addOperations(
                            Offer.Operation.newBuilder()
                                .setType(Offer.Operation.Type.LAUNCH)
                                .setLaunch(
                                    Offer.Operation.Launch.newBuilder().addTaskInfos(info)))));
    assertThat(status).isEqualTo(202);
  }

  public void kill(String task) throws Exception {
    call(
        Call.newBuilder()
            .setType(Call.Type.KILL)
            .setKill(Call.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue(task))));
  }

  /** Waits until the master has ended the stream. */
  public void expectEnd() {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              receive();
              return stream.isOver();
            });
  }

  /** The scheduler dies: its connection is cut. */
  @Override
  public void close() throws IOException {
    if (stream != null) {
      stream.close();
    }
  }
}
