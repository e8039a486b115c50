package org.apache.heron.apiserver.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

  @Test
  void everyFieldOfASubmitIsDescribedAndNoOther() throws Exception {
    JsonNode paths = new ObjectMapper().readTree(ApiPaths.openApi()).path("paths");
    for (String path : List.of("/api/v1/topologies", "/api/v1/plan")) {
      JsonNode form = paths.path(path).at("/post/requestBody/content").path("multipart/form-data");
      Set<String> fields = new TreeSet<>();
      form.at("/schema/properties").fieldNames().forEachRemaining(fields::add);
      assertThat(fields).as(path).isEqualTo(new TreeSet<>(SubmitForm.KNOWN));
    }
  }

  @Test
  void everyPartOfAPathIsDescribed() throws Exception {
    JsonNode paths = new ObjectMapper().readTree(ApiPaths.openApi()).path("paths");
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      Set<String> parts =
          Pattern.compile("\\{(\\w+)}")
              .matcher(path.getKey())
              .results()
              .map(found -> found.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      for (JsonNode method : path.getValue()) {
        Set<String> described = new TreeSet<>();
        for (JsonNode parameter : method.path("parameters")) {
          if (parameter.path("in").asText().equals("path")) {
            described.add(parameter.path("name").asText());
          }
        }
        assertThat(described).as(path.getKey()).isEqualTo(parts);
      }
    }
  }
}
