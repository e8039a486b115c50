package org.apache.heron.downloader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.heron.spi.config.Config;
import org.apache.heron.web.WebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class DownloadTest {
  @TempDir Path directory;

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(directory.resolve(name), content);
  }

  private Path out() {
    return directory.resolve("made/for/it");
  }

  private void run(URI uri, Map<String, ?> config) throws IOException, InterruptedException {
    new Download(Config.of(config)).run(uri, out());
  }

  private void assertFails(URI uri, Map<String, ?> config, String... messages) {
    assertThatThrownBy(() -> run(uri, config))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot download '")
        .hasMessageContainingAll(messages)
        .message()
        .doesNotContain("\n");
    assertThat(directory.resolve("made")).as("nothing is left behind").doesNotExist();
  }

  @Test
  void aPackageIsUnpackedIntoADirectoryThatMayHoldOtherThings() throws Exception {
    Path file = write("p.tar.gz", Archives.topology("one"));
    Files.createDirectories(out().resolve("heron-core"));
    Files.writeString(out().resolve("words.jar"), "former");
    run(file.toUri(), Map.of());
    assertThat(out().resolve("words.jar")).hasContent("one");
    assertThat(out().resolve("heron-conf/client.yaml")).hasContent("a: b");
    assertThat(out().resolve("heron-conf/run.sh")).isExecutable();
    assertThat(out().toFile().list())
        .containsExactlyInAnyOrder("heron-core", "words.jar", "heron-conf");
    run(URI.create(file.toString()), Map.of());
  }

  @Test
  void jarsAndPlainTarsAreTaken() throws Exception {
    byte[] zip = {'P', 'K', 3, 4, 0, 0};
    run(write("words.jar", zip).toUri(), Map.of());
    assertThat(out().resolve("words.jar")).hasBinaryContent(zip);
    run(write("p.tar", new Archives().file("a", "in a tar", 0644).plain()).toUri(), Map.of());
    assertThat(out().resolve("a")).hasContent("in a tar");
  }

  @Test
  void whatIsNoPackageIsRefused() throws Exception {
    assertFails(
        write("p.tar.gz", "<html>login</html>".getBytes(StandardCharsets.UTF_8)).toUri(),
        Map.of(),
        "it is neither a tar archive nor a jar; it begins with '<html>login</html>'");
    assertFails(write("e.tar.gz", new byte[0]).toUri(), Map.of(), "it is empty");
    byte[] good = Archives.topology("x".repeat(100_000));
    assertFails(
        write("cut.tar.gz", java.util.Arrays.copyOf(good, good.length / 2)).toUri(), Map.of(), "");
    assertFails(
        write("evil.tar.gz", new Archives().file("../x", "x", 0644).gzipped()).toUri(),
        Map.of(),
        "entry '../x' reaches outside the archive");
  }

  @Test
  void filesThatCannotBeHadAreNamed() throws Exception {
    URI none = directory.resolve("none.tar.gz").toUri();
    assertFails(none, Map.of(), "there is no such file on this host");
    assertFails(directory.toUri(), Map.of(), "it is no file");
    assertFails(URI.create("file://other.example/p"), Map.of(), "it names host 'other.example'");
    assertFails(URI.create("file:opaque"), Map.of(), "it names no file");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws Exception {
    Path file = write("p.tar.gz", Archives.topology("one"));
    write("made", new byte[1]);
    assertThatThrownBy(() -> run(file.toUri(), Map.of()))
        .hasMessageContaining(directory.resolve("made/for") + ": ");
    assertThat(directory.resolve("made")).isRegularFile();
  }

  @Test
  void theRegistrySaysWhoFetches() throws Exception {
    Path file = write("p.tar.gz", Archives.topology("one"));
    URI mine = new URI("mine", null, file.toString(), null);
    String key = "heron.downloader.registry";
    assertFails(
        mine, Map.of(), "nothing is known of the scheme 'mine'; known are file, hdfs, http");
    run(mine, Map.of(key, Map.of("mine", "com.twitter.heron.downloader.FileDownloader")));
    assertThat(out().resolve("words.jar")).hasContent("one");
    delete(directory.resolve("made"));
    assertFails(
        mine, Map.of(key, Map.of("mine", "java.lang.String")), "the class 'java.lang.String'");
    assertFails(mine, Map.of(key, Map.of("mine", "no.such.Class")), "cannot be used");
    assertFails(
        URI.create("distributedlog://x/y"),
        Map.of(key, Map.of("distributedlog", "org.apache.heron.downloader.DLDownloader")),
        "are not supported; use another uploader");
    assertFails(mine, Map.of(key, "no map"), "a map of scheme to class");
  }

  private static void delete(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void packagesComeByHttpAndFromS3() throws Exception {
    byte[] archive = Archives.topology("over the network");
    try (WebServer server =
        WebServer.builder()
            .route(
                "GET",
                "/packages/{key*}",
                (request, response) -> {
                  boolean signed =
                      request
                          .header("Authorization")
                          .filter(text -> text.contains("Credential=AKIA/"))
                          .isPresent();
                  boolean linked = request.query("sig").isPresent();
                  response
                      .status(signed || linked ? 200 : 403)
                      .send("application/x-gzip", signed || linked ? archive : new byte[0]);
                })
            .start()) {
      String base = "http://127.0.0.1:" + server.port();
      run(URI.create(base + "/packages/p.tar.gz?sig=s3cret"), Map.of());
      assertThat(out().resolve("words.jar")).hasContent("over the network");
      delete(directory.resolve("made"));
      assertFails(URI.create(base + "/packages/p.tar.gz"), Map.of(), "the server answers 403");
      assertFails(
          URI.create("http://ada:pw@127.0.0.1:" + server.port() + "/none?sig=s3cret"),
          Map.of(),
          "'http://…@127.0.0.1:" + server.port() + "/none?…'",
          "404");
      Path file = directory.resolve("from-s3");
      Map<String, String> environment =
          Map.of(
              "AWS_ACCESS_KEY_ID", "AKIA",
              "AWS_SECRET_ACCESS_KEY", "secret",
              "AWS_ENDPOINT_URL_S3", base);
      new S3Downloader(environment).download(URI.create("s3://packages/a/p.tar.gz"), file);
      assertThat(file).hasBinaryContent(archive);
      assertThatThrownBy(
              () -> new S3Downloader(environment).download(URI.create("s3://none/p"), file))
          .hasMessageContainingAll("404", base + "/none/p", "with access key AKIA")
          .message()
          .doesNotContain("secret");
    }
  }

  /** A request for the wrong region is signed once more: with 301 or 400, S3 says which it is. */
  @ParameterizedTest
  @CsvSource({
    "301, eu-central-1, ''",
    "400, eu-central-1, ''",
    "400, '', <Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-central-1</Region></Error>",
  })
  void aBucketInAnotherRegionIsAskedThere(int status, String header, String body) throws Exception {
    byte[] archive = Archives.topology("from another region");
    List<String> scopes = new CopyOnWriteArrayList<>();
    try (WebServer server =
        WebServer.builder()
            .route(
                "GET",
                "/packages/{key*}",
                (request, response) -> {
                  String signed = request.header("Authorization").orElse("");
                  scopes.add(signed.replaceAll(".*/([a-z0-9-]+)/s3/.*", "$1"));
                  if (signed.contains("/eu-central-1/s3/") && !request.path().endsWith("never")) {
                    response.send("application/x-gzip", archive);
                    return;
                  }
                  if (!header.isEmpty()) {
                    response.header("x-amz-bucket-region", header);
                  }
                  response.status(status).send("application/xml", body.getBytes(UTF_8));
                })
            .start()) {
      Map<String, String> environment =
          Map.of(
              "AWS_ACCESS_KEY_ID", "AKIA",
              "AWS_SECRET_ACCESS_KEY", "secret",
              "AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + server.port());
      Path file = directory.resolve("from-s3");
      new S3Downloader(environment).download(URI.create("s3://packages/a/p.tar.gz"), file);
      assertThat(file).hasBinaryContent(archive);
      assertThat(scopes).containsExactly("us-west-2", "eu-central-1");
      scopes.clear();
      assertThatThrownBy(
              () -> new S3Downloader(environment).download(URI.create("s3://packages/never"), file))
          .hasMessageContaining("the bucket is in region eu-central-1");
      assertThat(scopes).as("asked once more, not for ever").hasSize(2);
    }
  }

  @Test
  void packagesComeFromHdfsByHadoopsClient() throws Exception {
    Path archive = write("p.tar.gz", Archives.topology("from hdfs"));
    Path client =
        Files.writeString(
            directory.resolve("hdfs"),
            """
            #!/bin/sh
            [ "$1 $2" = "dfs -get" ] || { echo "Unknown command $*"; exit 255; }
            case $3 in
              hdfs://nn/p.tar.gz) cp '%s' "$4" ;;
              hdfs://nn/slow) sleep 600 ;;
              hdfs://nn/nothing) exit 0 ;;
              *) echo "24/05/01 12:00:00 WARN x"; echo "get: \\`$3': No such file"; exit 1 ;;
            esac
            """
                .formatted(archive));
    assertThat(client.toFile().setExecutable(true)).isTrue();
    Map<String, Object> config =
        Map.of(
            "heron.uploader.hdfs.client",
            client.toString(),
            "heron.uploader.hdfs.command.timeout.ms",
            20_000);
    run(URI.create("hdfs://nn/p.tar.gz"), config);
    assertThat(out().resolve("words.jar")).hasContent("from hdfs");
    delete(directory.resolve("made"));
    assertFails(URI.create("hdfs://nn/x"), config, "ended with status 1: get: `hdfs://nn/x': No");
    assertFails(URI.create("hdfs://nn/nothing"), config, "ended well, but wrote no file");
    assertFails(
        URI.create("hdfs://nn/slow"),
        Map.of(
            "heron.uploader.hdfs.client",
            client.toString(),
            "heron.uploader.hdfs.command.timeout.ms",
            500),
        "did not end within 500 ms");
    assertFails(
        URI.create("hdfs://nn/p.tar.gz"),
        Map.of("heron.uploader.hdfs.client", "/none/hadoop"),
        "cannot be started");
  }

  /** Fails after somebody else has begun to use the directory. */
  public static final class Unlucky implements Downloader {
    @Override
    public void download(URI uri, Path file) throws IOException {
      Files.writeString(file.getParent().resolveSibling("of-another"), "x");
      throw new IOException("no luck");
    }
  }

  @Test
  void aFailureSparesWhatOthersHavePutIntoADirectoryThatItMade() {
    assertThatThrownBy(
            () ->
                run(
                    URI.create("mine:/x"),
                    Map.of("heron.downloader.registry", Map.of("mine", Unlucky.class.getName()))))
        .hasMessageContaining("no luck");
    assertThat(out().toFile().list()).containsExactly("of-another");
  }

  @Test
  void addressesThatAreNoneAreNamedInOneLine() {
    assertFails(URI.create("http:///p.tar.gz"), Map.of(), "it names no host");
    assertFails(URI.create("http:p.tar.gz"), Map.of(), "it names no host");
    assertFails(URI.create("file:///a%00b"), Map.of(), "Cannot download 'file:///a%00b'");
    assertFails(URI.create("file:p.tar.gz"), Map.of(), "it names no file");
  }

  @Test
  void aFullDiskIsNamedAndNothingIsLeft() throws Exception {
    Path file = write("p.tar.gz", new Archives().file("a", new byte[4 << 20], 0644).gzipped());
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                // A limit on files' sizes stands for a full disk.
                "ulimit -f 1024; exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                DownloadRunner.class.getName(),
                file.toUri().toString(),
                out().toString())
            .redirectErrorStream(true)
            .start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("heron-downloader: "))
            .toList();
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(lines).hasSize(1).first().asString().contains("Cannot download '" + file.toUri());
    assertThat(directory.resolve("made")).doesNotExist();
  }

  @Test
  void theCommandSaysHowItEnded() throws Exception {
    Path file = write("p.tar.gz", Archives.topology("one"));
    assertThat(DownloadRunner.run(List.of("-u", file.toString(), "-f", out().toString()))).isZero();
    Path odd = write("odd name%20.tgz", Archives.topology("odd"));
    assertThat(DownloadRunner.run(List.of(odd.toString(), out().toString()))).isZero();
    assertThat(out().resolve("words.jar")).hasContent("odd");
    assertThat(DownloadRunner.run(List.of("--help"))).isZero();
    assertThat(DownloadRunner.run(List.of("one"))).isEqualTo(2);
    assertThat(DownloadRunner.run(List.of("/none", out().toString()))).isEqualTo(1);
    Path conf = Files.createDirectories(directory.resolve("conf"));
    Files.writeString(
        conf.resolve("downloader.yaml"),
        "heron.downloader.registry:\n  mine: org.apache.heron.downloader.FileDownloader\n");
    assertThat(
            DownloadRunner.run(
                List.of(
                    "-u", "mine:" + file,
                    "-f", out().toString(),
                    "-m", "local",
                    "-d", directory.toString(),
                    "-p", conf.toString())))
        .isZero();
    Files.writeString(conf.resolve("downloader.yaml"), "a: [\n");
    assertThat(
            DownloadRunner.run(
                List.of(
                    "-u", "mine:" + file,
                    "-f", out().toString(),
                    "-m", "local",
                    "-d", directory.toString(),
                    "-p", conf.toString())))
        .isEqualTo(1);
  }
}
