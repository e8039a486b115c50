package org.apache.heron.minicluster.transcript;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of our ids, uuids and ports stands for which recorded one: bound on first sight, and held
 * to from then on. Times and process ids are not compared.
 */
final class Bindings {
  private static final String ID =
      "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?:-[SO]?[0-9]+)?";
  private static final Pattern TOKEN = Pattern.compile(ID + "|(?<=127\\.0\\.0\\.1:)[0-9]{4,5}");
  private static final Pattern OURS = Pattern.compile(ID + "|[0-9]{4,5}");
  private static final Set<String> VARIES =
      Set.of(
          "timestamp",
          "nanoseconds",
          "executor_pid",
          "start_time",
          "elected_time",
          "registered_time",
          "reregistered_time",
          "unregistered_time");
  private static final Set<String> BOUND = Set.of("uuid", "status_update_uuid", "port");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<String, String> bound = new HashMap<>();

  void bind(String recorded, String ours) {
    bound.put(recorded, ours);
  }

  Optional<String> ours(String recorded) {
    return Optional.ofNullable(bound.get(recorded));
  }

  /** The recorded text with our ids in it. */
  String translate(String recorded) {
    if (bound.containsKey(recorded)) {
      return bound.get(recorded);
    }
    return TOKEN
        .matcher(recorded)
        .replaceAll(match -> Matcher.quoteReplacement(translatedToken(match.group())));
  }

  private String translatedToken(String token) {
    return bound.getOrDefault(token, token);
  }

  JsonNode translate(JsonNode recorded) {
    if (recorded.isTextual()) {
      return JsonNodeFactory.instance.textNode(translate(recorded.textValue()));
    }
    if (recorded.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      recorded.properties().forEach(e -> object.set(e.getKey(), translate(e.getValue())));
      return object;
    }
    if (recorded.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      recorded.forEach(element -> array.add(translate(element)));
      return array;
    }
    return recorded;
  }

  /** All ways in which ours is not what was recorded; empty if it is the same. */
  List<String> differences(JsonNode recorded, JsonNode ours) {
    List<String> differences = new ArrayList<>();
    compare("", "", recorded, ours, differences);
    return differences;
  }

  List<String> differences(String recorded, String ours) {
    List<String> differences = new ArrayList<>();
    compareText("", recorded, ours, differences);
    return differences;
  }

  private void compare(
      String path, String field, JsonNode recorded, JsonNode ours, List<String> differences) {
    if (ours == null || recorded.getNodeType() != ours.getNodeType()) {
      differences.add(path + ": recorded " + recorded + ", ours " + ours);
    } else if (recorded.isObject()) {
      compareObjects(path, recorded, ours, differences);
    } else if (recorded.isArray()) {
      if (recorded.size() != ours.size()) {
        differences.add(path + ": recorded " + recorded + ", ours " + ours);
        return;
      }
      for (int i = 0; i < recorded.size(); i++) {
        compare(path + "[" + i + "]", field, recorded.get(i), ours.get(i), differences);
      }
    } else if (BOUND.contains(field)) {
      bindValue(path, recorded.asText(), ours.asText(), differences);
    } else if (recorded.isTextual()) {
      compareText(path, recorded.textValue(), ours.textValue(), differences);
    } else if (!VARIES.contains(field) && !recorded.asText().equals(ours.asText())) {
      differences.add(path + ": recorded " + recorded + ", ours " + ours);
    }
  }

  private void compareObjects(
      String path, JsonNode recorded, JsonNode ours, List<String> differences) {
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();
    recorded.fieldNames().forEachRemaining(expected::add);
    ours.fieldNames().forEachRemaining(actual::add);
    if (!expected.equals(actual)) {
      differences.add(path + ": recorded fields " + expected + ", ours " + actual);
    }
    for (String name : expected) {
      if (ours.has(name)) {
        compare(path + "." + name, name, recorded.get(name), ours.get(name), differences);
      }
    }
  }

  private void compareText(String path, String recorded, String ours, List<String> differences) {
    Optional<JsonNode> recordedJson = object(recorded);
    Optional<JsonNode> oursJson = object(ours);
    if (recordedJson.isPresent() && oursJson.isPresent()) {
      compare(path, "", recordedJson.get(), oursJson.get(), differences);
      return;
    }
    List<String> tokens = new ArrayList<>();
    StringBuilder pattern = new StringBuilder();
    Matcher matcher = TOKEN.matcher(recorded);
    int end = 0;
    while (matcher.find()) {
      pattern.append(Pattern.quote(recorded.substring(end, matcher.start())));
      pattern.append('(').append(OURS.pattern()).append(')');
      tokens.add(matcher.group());
      end = matcher.end();
    }
    pattern.append(Pattern.quote(recorded.substring(end)));
    Matcher found = Pattern.compile(pattern.toString()).matcher(ours);
    if (!found.matches()) {
      differences.add(path + ": recorded '" + recorded + "', ours '" + ours + "'");
      return;
    }
    for (int i = 0; i < tokens.size(); i++) {
      bindValue(path, tokens.get(i), found.group(i + 1), differences);
    }
  }

  private void bindValue(String path, String recorded, String ours, List<String> differences) {
    String before = bound.putIfAbsent(recorded, ours);
    if (before != null && !before.equals(ours)) {
      differences.add(
          path + ": recorded " + recorded + " was " + before + " before and now is " + ours);
    }
  }

  private static Optional<JsonNode> object(String text) {
    if (!text.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(MAPPER.readTree(text));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
