package org.apache.heron.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.heron.downloader.Download;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.spi.uploader.UploaderException;
import org.apache.heron.uploader.http.HttpUploader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The uploader, the server and the downloader, which know each other by HTTP only. */
@Timeout(120)
class PackageRoundTripTest {
  @TempDir Path directory;
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private Served served;
  private Path source;
  private Path token;

  @BeforeEach
  void start() throws Exception {
    token =
        Files.createFile(
            directory.resolve("token"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(token, "right-token\n");
    served = new Served(directory).start("--token-file", token.toString());
    byte[] jar = new byte[12 << 20];
    new Random(1).nextBytes(jar);
    Path unpacked = Files.createDirectories(directory.resolve("unpacked"));
    Files.write(unpacked.resolve("words.jar"), jar);
    source = directory.resolve("topology.tar.gz");
    assertThat(
            new ProcessBuilder("tar", "czf", source.toString(), "words.jar")
                .directory(unpacked.toFile())
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private HttpUploader uploader(Map<String, String> values) {
    Map<String, Object> all = new HashMap<>();
    all.put("heron.topology.name", "words");
    all.put("heron.config.role", "ada");
    all.put("heron.topology.package.file", source.toString());
    all.put("heron.uploader.http.uri", served.uri("/api/v1/file/upload").toString());
    all.putAll(values);
    HttpUploader uploader = new HttpUploader();
    uploader.progress(
        new UploadProgress() {
          @Override
          public void sent(long bytes, long total) {
            notices.add(bytes * 100 / total + " %");
          }

          @Override
          public void notice(String line) {
            notices.add(line);
          }
        });
    uploader.initialize(Config.of(all));
    return uploader;
  }

  @Test
  void aPackageIsUploadedDownloadedAndTakenBack() throws Exception {
    try (HttpUploader uploader =
        uploader(Map.of("heron.uploader.http.token.file", token.toString()))) {
      URI uri = uploader.uploadPackage();
      assertThat(uri.getPath()).endsWith("-words-ada-tag-0.tar.gz");
      assertThat(notices).contains("100 %");
      Path container = directory.resolve("container");
      new Download(Config.of(Map.of())).run(uri, container);
      assertThat(container.resolve("words.jar"))
          .hasSameBinaryContentAs(directory.resolve("unpacked/words.jar"));
      assertThat(uploader.undo()).isTrue();
      await().atMost(Served.PATIENCE).until(() -> served.files("store").isEmpty());
      assertThatThrownBy(() -> new Download(Config.of(Map.of())).run(uri, container))
          .hasMessageContaining("the server answers 404");
      assertThat(container.toFile().list()).containsExactly("words.jar");
    }
  }

  @Test
  void aKillRemovesWhatItsRecordNames() throws Exception {
    Map<String, String> known =
        Map.of(
            "heron.uploader.http.token.file",
            token.toString(),
            // The server makes another name of it.
            "heron.topology.name",
            "words and birds");
    String recorded;
    try (HttpUploader uploader = uploader(known)) {
      recorded = uploader.uploadPackage().toString();
    }
    assertThat(recorded).endsWith("-words_and_birds-ada-tag-0.tar.gz");
    Map<String, String> killed = new HashMap<>(known);
    killed.put("heron.package.topology.uri", recorded);
    try (HttpUploader uploader = uploader(killed)) {
      uploader.delete();
      uploader.delete();
    }
    await().atMost(Served.PATIENCE).until(() -> served.files("store").isEmpty());
  }

  @Test
  void withoutTheTokenTheServerKeepsNothing() throws Exception {
    try (HttpUploader uploader = uploader(Map.of())) {
      assertThatThrownBy(uploader::uploadPackage)
          .isInstanceOf(UploaderException.class)
          .hasMessageContaining("check heron.uploader.http.token.file");
    }
    await().atMost(Served.PATIENCE).until(() -> served.files("store").isEmpty());
  }
}
