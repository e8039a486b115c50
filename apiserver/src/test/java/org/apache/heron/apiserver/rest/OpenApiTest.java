package org.apache.heron.apiserver.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.heron.apiserver.command.CommandDesk;
import org.apache.heron.apiserver.files.FileStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description of the API is held against its paths. */
class OpenApiTest {
  @TempDir Path directory;

  @Test
  void everyPathIsDescribedAndNoOther() throws Exception {
    Set<String> served = new TreeSet<>();
    try (CommandDesk desk = new CommandDesk(1, 1);
        FileStore store = FileStore.open(directory, "test")) {
      new ApiPaths(null, desk, store, Optional.empty(), path -> path)
          .entries()
          .forEach(entry -> served.add(entry.method() + " " + entry.path().replace("?}", "}")));
    }
    Set<String> described = new TreeSet<>();
    JsonNode paths = new ObjectMapper().readTree(ApiPaths.openApi()).path("paths");
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        described.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }
    assertThat(described).isEqualTo(served);
  }

  @Test
  void everyReferenceLeadsSomewhere() throws Exception {
    JsonNode document = new ObjectMapper().readTree(ApiPaths.openApi());
    assertThat(document.path("openapi").asText()).startsWith("3.");
    for (String reference : document.findValuesAsText("$ref")) {
      assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
  }
}
