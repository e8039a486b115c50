package org.apache.heron.apiserver;

import static org.apache.heron.apiserver.Served.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.heron.apiserver.Served.Form;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that may write files up to half a MiB only stands for one whose disk is full. */
class ServerDiskFullTest {
  @TempDir static Path directory;
  private static Served served;
  private static ServedProcess process;

  @BeforeAll
  static void start() throws Exception {
    served = new Served(directory);
    // Belongs into every topology's package, and does not get smaller there.
    Files.write(directory.resolve("home/conf/template/model.bin"), random(300 << 10));
    // In blocks of 512 bytes, as POSIX has it.
    process = new ServedProcess(served, List.of("sh", "-c", "ulimit -f 1024; exec \"$0\" \"$@\""));
  }

  @AfterAll
  static void stop() {
    process.close();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private void leavesNothing() throws Exception {
    await().atMost(Served.PATIENCE).until(() -> served.files("store").isEmpty());
    assertThat(served.files("packages")).isEmpty();
    assertThat(served.state()).isEmpty();
  }

  @Test
  void anUploadThatFindsNoRoomIsRefusedAndTheServerGoesOn() throws Exception {
    for (String path : List.of("/api/v1/file/upload", "/api/v1/topologies", "/api/v1/plan")) {
      Form form = Served.submitForm("words").file("file", "a.tar.gz", new byte[1 << 20]);
      HttpResponse<String> refused = served.post(path, form);
      assertThat(refused.statusCode()).as(path).isEqualTo(507);
      assertThat(message(refused)).startsWith("cannot store the upload: ").doesNotContain("\n");
      leavesNothing();
    }
    Form small = new Form().file("file", "a.tar.gz", new byte[1 << 10]);
    HttpResponse<String> kept = served.post("/api/v1/file/upload", small);
    assertThat(kept.statusCode()).isEqualTo(200);
    String path = java.net.URI.create(kept.body()).getPath();
    assertThat(served.delete(path).statusCode()).isEqualTo(200);
    leavesNothing();
  }

  @Test
  void aPackageThatFindsNoRoomIsNamedAndTheSubmitTakenBack() throws Exception {
    Form form =
        new Form()
            .field("name", "words")
            .field("cluster", "test")
            .field("role", "ada")
            .file("definition", "words.defn", Served.words("words", 1).toByteArray())
            .file("topology", "words.jar", random(400 << 10));
    HttpResponse<String> failed = served.post("/api/v1/topologies", form);
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(message(failed))
        .matches("Cannot build the topology package '[^']*': File too large");
    leavesNothing();
  }
}
