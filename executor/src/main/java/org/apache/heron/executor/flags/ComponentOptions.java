package org.apache.heron.executor.flags;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.spi.executor.EncodedOptions;

/** Reads JVM options by component: JSON from base64 of the name to base64 of the options. */
final class ComponentOptions {
  private ComponentOptions() {}

  /**
   * @throws IllegalArgumentException if the text is not such JSON; the message says where
   */
  static Map<String, String> read(String json) {
    Map<String, String> options = new TreeMap<>();
    if (json.isBlank()) {
      return options;
    }
    Map<String, String> encoded;
    try {
      encoded = new JsonMapper().readValue(json, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "'" + json + "' is not a JSON object of texts: " + e.getOriginalMessage(), e);
    }
    encoded.forEach(
        (name, value) -> options.put(EncodedOptions.decode(name), EncodedOptions.decode(value)));
    return options;
  }
}
