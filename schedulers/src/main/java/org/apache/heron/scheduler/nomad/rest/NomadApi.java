package org.apache.heron.scheduler.nomad.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.scheduler.SchedulerException;

/**
 * The calls that a topology needs. Each may be made twice without harm: what is registered is
 * registered on condition of what was there before. Thread-safe; every method throws {@link
 * SchedulerException} with one line for the user when Nomad cannot be asked, or says no.
 */
public final class NomadApi {
  /** The configuration key of the servers' addresses. */
  public static final String SERVER_KEY = Server.KEY;

  /** The configuration key of the namespace. */
  public static final String NAMESPACE_KEY = "heron.nomad.namespace";

  /** The configuration key of the region. */
  public static final String REGION_KEY = "heron.nomad.region";

  /** What Nomad says when a job is not as it was (recorded with Nomad 2.0.3 and 0.7). */
  private static final String CHANGED = "Enforcing job modify index";

  /** What versions before 0.10 say of a job without deployments; they make none by themselves. */
  private static final String KNOWS_NO_FORCED_UPDATES = "Max parallel can not be less than one";

  private static final Map<String, String> NONE = Map.of();

  private final Connection connection;

  /**
   * Nothing is asked yet.
   *
   * @param environment of this process, for the token
   * @throws org.apache.heron.spi.config.ConfigException if a setting is wrong
   */
  public NomadApi(Config config, Map<String, String> environment) {
    Map<String, String> query = new TreeMap<>();
    config.optionalString(NAMESPACE_KEY).ifPresent(name -> query.put("namespace", name));
    config.optionalString(REGION_KEY).ifPresent(name -> query.put("region", name));
    connection = new Connection(config, environment, query);
  }

  /** The server that is asked first now, for links. */
  public URI server() {
    return connection.server();
  }

  /** All servers that are asked. */
  public List<URI> servers() {
    return connection.servers();
  }

  /** The jobs whose id begins so, with their meta. */
  public List<JobStub> jobs(String prefix) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("prefix", prefix);
    query.put("meta", "true");
    JsonNode list = connection.call("GET", "/v1/jobs", query, Optional.empty()).json(true);
    List<JobStub> jobs = new ArrayList<>();
    for (JsonNode stub : list) {
      meta(stub).ifPresent(meta -> jobs.add(JobStub.of(stub, meta)));
    }
    return jobs;
  }

  /** Empty if the job is gone in between. */
  private Optional<Map<String, String>> meta(JsonNode stub) {
    // Versions before 1.6 do not list it.
    JsonNode holder =
        stub.has("Meta")
            ? stub
            : job(stub.path("ID").asText()).map(JsonNode.class::cast).orElse(null);
    if (holder == null) {
      return Optional.empty();
    }
    Map<String, String> meta = new TreeMap<>();
    holder
        .path("Meta")
        .properties()
        .forEach(entry -> meta.put(entry.getKey(), entry.getValue().asText()));
    return Optional.of(meta);
  }

  /** The whole job; empty if there is none of that id. */
  public Optional<ObjectNode> job(String id) {
    Answer answer = connection.call("GET", path(id), NONE, Optional.empty());
    return answer.status() == 404 ? Optional.empty() : Optional.of((ObjectNode) answer.json(false));
  }

  /**
   * Registers a job, or a new version of one.
   *
   * @param modifyIndex the {@code JobModifyIndex} of the version that this is made of; 0 if there
   *     is to be none
   */
  public Registration register(ObjectNode job, long modifyIndex) {
    ObjectNode request = Answer.JSON.createObjectNode();
    request.set("Job", job);
    request.put("EnforceIndex", true);
    request.put("JobModifyIndex", modifyIndex);
    Answer answer = submit("PUT", "/v1/jobs", request);
    if (answer.status() != 200 && answer.line().contains(CHANGED)) {
      return new Registration.Changed(answer.line());
    }
    if (answer.status() != 200) {
      throw new SchedulerException(
          "Nomad at "
              + answer.server()
              + " does not take job "
              + job.path("ID").asText()
              + ": "
              + answer.line()
              + " ("
              + answer.status()
              + ")");
    }
    return new Registration.Registered(answer.json(false).path("Warnings").asText(""));
  }

  private Answer submit(String method, String path, ObjectNode request) {
    Answer answer = connection.call(method, path, NONE, Optional.of(bytes(request)));
    if (answer.status() == 200 || !answer.says(KNOWS_NO_FORCED_UPDATES)) {
      return answer;
    }
    ObjectNode older = request.deepCopy();
    ((ObjectNode) older.path("Job")).remove("Update");
    return connection.call(method, path, NONE, Optional.of(bytes(older)));
  }

  /** Has the job's containers ended, and forgets the job; fine if it is gone. */
  public void deregister(String id) {
    Answer answer = connection.call("DELETE", path(id), Map.of("purge", "true"), Optional.empty());
    if (answer.status() != 404) {
      answer.json(false);
    }
  }

  /** Every allocation that Nomad remembers of a job, the oldest first. */
  public List<Allocation> allocations(String jobId) {
    Answer answer = connection.call("GET", path(jobId) + "/allocations", NONE, Optional.empty());
    List<Allocation> allocations = new ArrayList<>();
    if (answer.status() != 404) {
      answer.json(true).forEach(stub -> allocations.add(Allocation.of(stub)));
    }
    allocations.sort(java.util.Comparator.comparingLong(Allocation::createIndex));
    return allocations;
  }

  /**
   * The same allocation with its ports; without, if Nomad does not tell them: they are only for
   * information.
   */
  public Allocation withPorts(Allocation allocation) {
    String path = "/v1/allocation/" + Connection.encode(allocation.id());
    Answer answer = connection.call("GET", path, NONE, Optional.empty());
    return answer.status() == 200
        ? allocation.with(Allocation.addresses(answer.json(false)))
        : allocation;
  }

  /** Every evaluation that Nomad remembers of a job, the one that changed last at the end. */
  public List<Evaluation> evaluations(String jobId) {
    Answer answer = connection.call("GET", path(jobId) + "/evaluations", NONE, Optional.empty());
    List<Evaluation> evaluations = new ArrayList<>();
    if (answer.status() != 404) {
      answer.json(true).forEach(each -> evaluations.add(Evaluation.of(each)));
    }
    evaluations.sort(java.util.Comparator.comparingLong(Evaluation::modifyIndex));
    return evaluations;
  }

  /** What Nomad would not find room for if the job were registered now, by task group. */
  public Map<String, Shortage> plan(ObjectNode job) {
    ObjectNode request = Answer.JSON.createObjectNode();
    request.set("Job", job);
    request.put("Diff", false);
    Answer answer = submit("POST", path(job.path("ID").asText()) + "/plan", request);
    return Evaluation.shortages(answer.json(false).path("FailedTGAllocs"));
  }

  /**
   * The machines that run containers.
   *
   * @throws SchedulerException also if the token may not list them
   */
  public List<Client> clients() {
    JsonNode list = connection.call("GET", "/v1/nodes", NONE, Optional.empty()).json(true);
    List<Client> clients = new ArrayList<>();
    list.forEach(stub -> clients.add(Client.of(stub)));
    return clients;
  }

  /**
   * Which version of Nomad answers; empty if it does not say.
   *
   * @throws SchedulerException also if the token may not ask
   */
  public Optional<String> version() {
    JsonNode self = connection.call("GET", "/v1/agent/self", NONE, Optional.empty()).json(false);
    return Optional.of(self.at("/config/Version/Version").asText(""))
        .filter(version -> !version.isEmpty());
  }

  /** The server's time, as HTTP has it; empty if it does not say. */
  public Optional<String> date() {
    return connection.call("GET", "/v1/status/leader", NONE, Optional.empty()).date();
  }

  private static String path(String jobId) {
    return "/v1/job/" + Connection.encode(jobId);
  }

  private static byte[] bytes(JsonNode tree) {
    try {
      return Answer.JSON.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
