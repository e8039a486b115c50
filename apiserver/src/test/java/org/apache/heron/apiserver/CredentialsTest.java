package org.apache.heron.apiserver;

import static org.apache.heron.apiserver.Served.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a token, and callers with none or another. */
class CredentialsTest {
  @TempDir Path directory;

  /** Method and path of every operation that the description has, but those that only ask. */
  private static List<String[]> changes(Served served) throws Exception {
    JsonNode paths = Served.json(served.get("/api/v1/openapi.json")).path("paths");
    List<String[]> changes = new ArrayList<>();
    paths
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (!method.equals("get")) {
                            changes.add(
                                new String[] {
                                  method.toUpperCase(Locale.ROOT),
                                  path.getKey()
                                      .replace("{cluster}", "test")
                                      .replaceAll("\\{[a-z]+}", "words")
                                });
                          }
                        }));
    return changes;
  }

  @Test
  void everyPathThatChangesSomethingWantsTheToken() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "right-token\n");
    try (Served served = new Served(directory).start("--token-file", token.toString())) {
      List<String[]> changes = changes(served);
      assertThat(changes).hasSizeGreaterThanOrEqualTo(11);
      for (String[] change : changes) {
        HttpResponse<String> without = ask(served, change, "");
        assertThat(without.statusCode()).as("%s %s", (Object[]) change).isEqualTo(401);
        assertThat(message(without)).startsWith("a token is needed");
        HttpResponse<String> wrong = ask(served, change, "Bearer wrong-token");
        assertThat(wrong.statusCode()).as("%s %s", (Object[]) change).isEqualTo(401);
        assertThat(message(wrong)).isEqualTo("the token is not the right one");
        assertThat(ask(served, change, "Bearer right-token").statusCode())
            .as("%s %s", (Object[]) change)
            .isNotEqualTo(401);
      }
      assertThat(served.state()).isEmpty();
      assertThat(served.files("packages")).isEmpty();
    }
  }

  private static HttpResponse<String> ask(Served served, String[] change, String authorization)
      throws Exception {
    var request = served.request(change[1]).method(change[0], BodyPublishers.noBody());
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return served.send(request);
  }
}
