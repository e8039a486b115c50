package org.apache.heron.minicluster.master;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.json.MesosJsonException;
import org.apache.mesos.v1.Protos.AgentID;

/**
 * A registry on disk, as JSON, replaced as a whole at each change. It outlives the master's
 * process; a power failure may take the last change with it, as it takes the tasks. For one thread.
 */
final class RegistryFile {
  private final Path file;

  /**
   * @param file absent at first; its directory must be there
   */
  RegistryFile(Path file) {
    this.file = file;
  }

  /**
   * What masters remember.
   *
   * @param unreachable since when, in nanoseconds since the epoch
   */
  record Contents(
      Set<AgentID> admitted, Map<AgentID, Long> unreachable, Map<AgentID, Instant> gone) {
    Contents() {
      this(new LinkedHashSet<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    }
  }

  /**
   * Reads it; nothing is remembered if there is none.
   *
   * @throws IOException if it cannot be read, or is no registry; the message names it
   */
  Contents read() throws IOException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return new Contents();
    }
    try {
      return parse(MesosJson.parse(text));
    } catch (MesosJsonException | IOException e) {
      throw new IOException(
          file + " is no registry: " + e.getMessage() + "; without it the master knows no agents",
          e);
    }
  }

  private static Contents parse(JsonNode tree) throws IOException {
    Contents contents = new Contents();
    for (JsonNode each : array(tree, "admitted")) {
      contents.admitted().add(id(each));
    }
    for (JsonNode each : array(tree, "unreachable")) {
      contents.unreachable().put(id(each.path("id")), number(each.path("since_nanoseconds")));
    }
    for (JsonNode each : array(tree, "gone")) {
      long since = number(each.path("since_milliseconds"));
      contents.gone().put(id(each.path("id")), Instant.ofEpochMilli(since));
    }
    return contents;
  }

  private static JsonNode array(JsonNode tree, String name) throws IOException {
    JsonNode array = tree.path(name);
    if (!array.isArray()) {
      throw new IOException("it has no list '" + name + "'");
    }
    return array;
  }

  private static AgentID id(JsonNode node) throws IOException {
    if (!node.isTextual() || node.asText().isEmpty()) {
      throw new IOException("an agent's id is '" + node.asText() + "'");
    }
    return AgentID.newBuilder().setValue(node.asText()).build();
  }

  private static long number(JsonNode node) throws IOException {
    if (!node.isNumber()) {
      throw new IOException("a time is '" + node.asText() + "'");
    }
    return node.asLong();
  }

  void write(Contents contents) {
    ObjectNode tree = MesosJson.object();
    var admitted = tree.putArray("admitted");
    contents.admitted().forEach(id -> admitted.add(id.getValue()));
    var unreachable = tree.putArray("unreachable");
    contents
        .unreachable()
        .forEach(
            (id, since) ->
                unreachable.addObject().put("id", id.getValue()).put("since_nanoseconds", since));
    var gone = tree.putArray("gone");
    contents
        .gone()
        .forEach(
            (id, since) ->
                gone.addObject()
                    .put("id", id.getValue())
                    .put("since_milliseconds", since.toEpochMilli()));
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.write(draft, MesosJson.write(tree));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the registry " + file, e);
    }
  }
}
