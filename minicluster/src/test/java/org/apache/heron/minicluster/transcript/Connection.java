package org.apache.heron.minicluster.transcript;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.heron.minicluster.client.Subscription;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.awaitility.core.ConditionTimeoutException;

/** One replayed subscription: what came on it, as JSON, whatever its form on the wire. */
final class Connection {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Subscription subscription;
  private final boolean protobuf;
  private final List<JsonNode> events = new ArrayList<>();
  private boolean beaten;
  private boolean failed;

  Connection(Subscription subscription, boolean protobuf) {
    this.subscription = subscription;
    this.protobuf = protobuf;
  }

  private void receive() throws IOException {
    for (Optional<byte[]> r = subscription.poll(); r.isPresent(); r = subscription.poll()) {
      JsonNode event =
          protobuf
              ? MAPPER.readTree(MesosJson.print(Event.parseFrom(r.get())))
              : MAPPER.readTree(r.get());
      if (!event.path("type").asText().equals("HEARTBEAT") || !beaten) {
        beaten |= event.path("type").asText().equals("HEARTBEAT");
        events.add(event);
      }
    }
  }

  /** True if such an event waits already. */
  boolean has(Predicate<JsonNode> condition) throws IOException {
    receive();
    return events.stream().anyMatch(condition);
  }

  /** Takes the first such event, and waits for it. */
  Optional<JsonNode> take(Predicate<JsonNode> condition, Duration patience) {
    try {
      await().atMost(patience).pollInterval(Duration.ofMillis(10)).until(() -> has(condition));
    } catch (ConditionTimeoutException e) {
      return Optional.empty();
    }
    JsonNode found = events.stream().filter(condition).findFirst().orElseThrow();
    events.remove(found);
    failed |= found.path("type").asText().equals("ERROR");
    return Optional.of(found);
  }

  /** Events that nobody expected so far, but for heartbeats. */
  List<JsonNode> unexpected() throws IOException {
    receive();
    return events.stream().filter(e -> !e.path("type").asText().equals("HEARTBEAT")).toList();
  }

  /** True if an ERROR was taken: the master ends the stream then. */
  boolean isFailed() {
    return failed;
  }

  boolean isOver() throws IOException {
    receive();
    return subscription.isOver();
  }

  void close() throws IOException {
    subscription.close();
  }
}
