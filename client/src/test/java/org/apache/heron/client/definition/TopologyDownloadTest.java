package org.apache.heron.client.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyDownloadTest {
  @TempDir Path directory;

  @Test
  void onlyWhatHasASchemeIsAUrl() {
    assertThat(TopologyDownload.uriOf("words.jar")).isEmpty();
    assertThat(TopologyDownload.uriOf("/a/words.jar")).isEmpty();
    assertThat(TopologyDownload.uriOf("http://host/words.jar")).isPresent();
    assertThatThrownBy(() -> TopologyDownload.uriOf("http://a b/c"))
        .hasMessageStartingWith("Topology URL 'http://a b/c' is malformed");
  }

  @Test
  void filesAndServersAreRead() throws IOException {
    Path jar = Files.writeString(directory.resolve("words.jar"), "jar");
    Path target = directory.resolve("target");
    assertThat(TopologyDownload.fetch(jar.toUri(), target)).hasContent("jar");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean there = exchange.getRequestURI().getPath().equals("/words.jar");
          exchange.sendResponseHeaders(there ? 200 : 404, 1);
          try (var out = exchange.getResponseBody()) {
            out.write('j');
          }
        });
    server.start();
    try {
      String base = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
      assertThat(TopologyDownload.fetch(URI.create(base + "words.jar"), target)).hasContent("j");
      assertThatThrownBy(() -> TopologyDownload.fetch(URI.create(base + "none.jar"), target))
          .hasMessageContaining("the server answers 404");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void otherSchemesAndDirectoriesAreRefused() {
    assertThatThrownBy(() -> TopologyDownload.fetch(URI.create("ftp://h/a.jar"), directory))
        .hasMessageContaining("only http, https and file are supported");
    assertThatThrownBy(() -> TopologyDownload.fetch(URI.create("http://h/"), directory))
        .hasMessageContaining("does not end in a file name");
  }
}
