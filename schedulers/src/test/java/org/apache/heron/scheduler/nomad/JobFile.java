package org.apache.heron.scheduler.nomad;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.heron.scheduler.nomad.JobText.Block;

/**
 * A job file as {@code nomad job run} reads it, made into what is sent to the server. It knows the
 * blocks and names that a job of ours may have, and refuses others as Nomad refuses those that it
 * does not know.
 */
public final class JobFile {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{var\\.(\\w+)}");
  private static final Map<String, Set<String>> KNOWN =
      Map.ofEntries(
          Map.entry("variable", Set.of("type", "default", "description")),
          Map.entry("job", Set.of("datacenters", "type", "group")),
          Map.entry("group", Set.of("count", "network", "service", "restart", "task")),
          Map.entry("network", Set.of("port")),
          Map.entry("port", Set.of("static", "to")),
          Map.entry("service", Set.of("name", "port", "provider", "tags", "check")),
          Map.entry("check", Set.of("type", "path", "interval", "timeout")),
          Map.entry("restart", Set.of("attempts", "interval", "delay", "mode")),
          Map.entry("task", Set.of("driver", "kill_timeout", "config", "env", "resources")),
          Map.entry("config", Set.of("command", "args")),
          Map.entry("resources", Set.of("cpu", "memory")));

  private final Map<String, String> variables = new HashMap<>();

  private JobFile() {}

  /**
   * Reads it.
   *
   * @param given values of its variables, as {@code -var} gives them
   */
  public static ObjectNode read(Path file, Map<String, String> given) throws IOException {
    JobFile reader = new JobFile();
    List<Block> blocks = JobText.parse(Files.readString(file));
    for (Block variable : blocks.stream().filter(each -> each.type().equals("variable")).toList()) {
      reader.check(variable);
      String name = variable.labels().get(0);
      String value = given.getOrDefault(name, text(variable, "default"));
      reader.variables.put(name, value);
    }
    if (!reader.variables.keySet().containsAll(given.keySet())) {
      throw new IllegalArgumentException("it has no such variables: " + given.keySet());
    }
    List<Block> jobs = blocks.stream().filter(each -> each.type().equals("job")).toList();
    if (jobs.size() != 1) {
      throw new IllegalArgumentException("it describes " + jobs.size() + " jobs");
    }
    return reader.job(jobs.get(0));
  }

  private void check(Block block) {
    Set<String> known = KNOWN.get(block.type());
    if (known == null) {
      throw new IllegalArgumentException("Unsupported block type " + block.type());
    }
    for (String name : block.names()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException("Unsupported '" + name + "' in " + block.type());
      }
    }
  }

  private ObjectNode job(Block block) {
    check(block);
    String name = block.labels().get(0);
    ObjectNode job = JsonNodeFactory.instance.objectNode();
    job.put("ID", name).put("Name", name).put("Type", text(block, "type"));
    words(job.putArray("Datacenters"), block, "datacenters");
    ArrayNode groups = job.putArray("TaskGroups");
    block.blocks("group").forEach(group -> group(groups.addObject(), group));
    return job;
  }

  private void group(ObjectNode group, Block block) {
    check(block);
    group.put("Name", block.labels().get(0)).put("Count", number(block, "count"));
    for (Block network : block.blocks("network")) {
      check(network);
      ArrayNode fixed = group.withArray("/Networks").addObject().putArray("ReservedPorts");
      for (Block port : network.blocks("port")) {
        check(port);
        fixed.addObject().put("Label", port.labels().get(0)).put("Value", number(port, "static"));
      }
    }
    block
        .blocks("service")
        .forEach(each -> service(group.withArray("/Services").addObject(), each));
    for (Block restart : block.blocks("restart")) {
      check(restart);
      group
          .putObject("RestartPolicy")
          .put("Attempts", number(restart, "attempts"))
          .put("Interval", nanos(restart, "interval"))
          .put("Delay", nanos(restart, "delay"))
          .put("Mode", text(restart, "mode"));
    }
    block.blocks("task").forEach(each -> task(group.withArray("/Tasks").addObject(), each));
  }

  private void service(ObjectNode service, Block block) {
    check(block);
    service.put("Name", text(block, "name")).put("PortLabel", text(block, "port"));
    service.put("Provider", text(block, "provider"));
    for (Block check : block.blocks("check")) {
      check(check);
      service
          .withArray("/Checks")
          .addObject()
          .put("Type", text(check, "type"))
          .put("Path", text(check, "path"))
          // A check without a port of its own looks at its service's.
          .put("PortLabel", text(block, "port"))
          .put("Interval", nanos(check, "interval"))
          .put("Timeout", nanos(check, "timeout"));
    }
  }

  private void task(ObjectNode task, Block block) {
    check(block);
    task.put("Name", block.labels().get(0)).put("Driver", text(block, "driver"));
    task.put("KillTimeout", nanos(block, "kill_timeout"));
    for (Block config : block.blocks("config")) {
      check(config);
      ObjectNode driver = task.putObject("Config");
      driver.put("command", filled(text(config, "command")));
      words(driver.putArray("args"), config, "args");
    }
    for (Block env : block.blocks("env")) {
      env.names().forEach(name -> task.withObject("/Env").put(name, filled(text(env, name))));
    }
    for (Block resources : block.blocks("resources")) {
      check(resources);
      task.putObject("Resources")
          .put("CPU", number(resources, "cpu"))
          .put("MemoryMB", number(resources, "memory"));
    }
  }

  private void words(ArrayNode array, Block block, String name) {
    ((List<?>) block.value(name)).forEach(word -> array.add(filled((String) word)));
  }

  private static String text(Block block, String name) {
    return (String) block.value(name);
  }

  private static long number(Block block, String name) {
    return (Long) block.value(name);
  }

  private static long nanos(Block block, String name) {
    return Duration.parse("PT" + text(block, name)).toNanos();
  }

  /** What is not a variable of the file is Nomad's own, and filled in on the node. */
  private String filled(String text) {
    Matcher found = VARIABLE.matcher(text);
    return found.replaceAll(
        match -> {
          String value = variables.get(match.group(1));
          if (value == null) {
            throw new IllegalArgumentException("there is no variable " + match.group(1));
          }
          return Matcher.quoteReplacement(value);
        });
  }
}
