package org.apache.heron.minicluster.agent.fetcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.heron.web.StreamSink;
import org.apache.heron.web.WebServer;
import org.apache.mesos.v1.Protos.CommandInfo.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FetcherTest {
  @TempDir Path directory;
  private final AtomicInteger served = new AtomicInteger();
  private Path sandbox;
  private Path source;
  private FetcherCache cache;
  private Fetcher fetcher;
  private WebServer web;

  @BeforeEach
  void start() throws IOException {
    sandbox = Files.createDirectory(directory.resolve("sandbox"));
    source = Files.createDirectory(directory.resolve("source"));
    cache = new FetcherCache(directory.resolve("cache"), 1 << 20);
    fetcher = new Fetcher(cache, Duration.ofSeconds(30), Clock.systemUTC());
    web =
        WebServer.builder()
            .route(
                "GET",
                "/moved/{name}",
                (request, response) ->
                    response
                        .status(302)
                        .header("Location", "/" + request.pathParameter("name"))
                        .sendEmpty())
            .route(
                "GET",
                "/stalls",
                (request, response) -> {
                  StreamSink sink = response.stream("application/octet-stream");
                  sink.write(new byte[] {1, 2, 3});
                })
            .route(
                "GET",
                "/{name}",
                (request, response) -> {
                  served.incrementAndGet();
                  Path file = source.resolve(request.pathParameter("name"));
                  if (Files.exists(file)) {
                    response.send("application/octet-stream", Files.readAllBytes(file));
                  } else {
                    response.status(404).sendEmpty();
                  }
                })
            .start();
  }

  @AfterEach
  void close() {
    fetcher.close();
    cache.close();
    web.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + web.port() + path;
  }

  private static URI.Builder uri(Object value) {
    return URI.newBuilder().setValue(value.toString());
  }

  private void fetch(URI.Builder uri) throws FetchException, InterruptedException {
    fetcher.fetch(List.of(uri.build()), sandbox, Optional.of("alice"));
  }

  private Path archive(String name) throws IOException {
    Path file = source.resolve(name);
    try (TestArchives archive = TestArchives.create(file)) {
      archive.directory("heron-core/bin/", 0755);
      archive.file("heron-core/bin/run", 0755, "#!/bin/sh\n");
      archive.file("heron-core/README", 0600, "read me");
      archive.link("heron-core/current", "bin/run");
    }
    return file;
  }

  private void assertExtracted() throws IOException {
    Path core = sandbox.resolve("heron-core");
    assertThat(core.resolve("bin/run")).hasContent("#!/bin/sh\n");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(core.resolve("bin/run"))))
        .isEqualTo("rwxr-xr-x");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(core.resolve("README"))))
        .isEqualTo("rw-------");
    assertThat(Files.readSymbolicLink(core.resolve("current"))).isEqualTo(Path.of("bin/run"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"core.tar", "core.tar.gz", "core.tgz", "core.tar.bz2", "core.zip"})
  void anArchiveIsExtractedAndStaysBesideIt(String name) throws Exception {
    fetch(uri("file://" + archive(name)).setExtract(true));
    assertExtracted();
    assertThat(sandbox.resolve(name)).exists();
    assertThat(sandbox.resolve("stderr"))
        .content()
        .contains("Fetching URI 'file://", "Successfully fetched all URIs into '" + sandbox + "'");
  }

  @Test
  void extractionIsWhatHappensUnlessForbidden() throws Exception {
    Path archive = archive("core.tar.gz");
    fetch(uri(archive).setExtract(false));
    assertThat(sandbox.resolve("heron-core")).doesNotExist();
    fetch(uri(archive));
    assertExtracted();
  }

  @Test
  void anArchiveFromTheCacheDoesNotAppearInTheSandbox() throws Exception {
    archive("core.tar.gz");
    for (int i = 0; i < 3; i++) {
      fetch(uri(url("/core.tar.gz")).setCache(true).setOutputFile("http-core.tar.gz"));
    }
    assertExtracted();
    assertThat(sandbox.resolve("http-core.tar.gz")).doesNotExist();
    assertThat(sandbox.resolve("core.tar.gz")).doesNotExist();
    assertThat(served).hasValue(1);
  }

  /** The file in the cache is named for the URI, and by its name Mesos tells an archive. */
  @Test
  void whatIsNotNamedAsAnArchiveInTheCacheIsCopiedWhateverItsOutputFileSays() throws Exception {
    archive("core.tar.gz");
    fetch(uri(url("/core.tar.gz#words-1")).setCache(true).setOutputFile("core.tar.gz"));
    assertThat(sandbox.resolve("heron-core")).doesNotExist();
    assertThat(sandbox.resolve("core.tar.gz")).isRegularFile();
    assertThat(sandbox.resolve("stderr")).content().contains("Copying instead of extracting");
    fetch(uri(url("/core.tar.gz#words-1/core.tar.gz")).setCache(true));
    assertExtracted();
  }

  /** As a real agent's log says: {@code cache_filename} of file-and-http-uris. */
  @Test
  void theFileInTheCacheIsNamedForTheUriNotForTheOutputFile() throws Exception {
    archive("core.tar.gz");
    fetch(uri(url("/core.tar.gz")).setCache(true).setOutputFile("http-core.tar.gz"));
    fetch(uri(url("/core.tar.gz#x/a-name-that-is-long.tar.gz")).setCache(true));
    assertThat(sandbox.resolve("stderr"))
        .content()
        .contains("/c1-core.tar.gz'", "/c2-a-name-tha_ong.tar.gz'");
  }

  @Test
  void aCachedFileIsCopied() throws Exception {
    Files.writeString(source.resolve("a.txt"), "a");
    fetch(uri(url("/a.txt")).setCache(true).setExtract(false).setOutputFile("deep/er/b.txt"));
    assertThat(sandbox.resolve("deep/er/b.txt")).hasContent("a");
  }

  @Test
  void anExecutableIsMadeOne() throws Exception {
    Files.writeString(source.resolve("run"), "#!/bin/sh\n");
    fetch(uri(url("/run")).setExecutable(true).setExtract(false));
    assertThat(sandbox.resolve("run")).isExecutable();
  }

  @Test
  void aLoneGzipFileIsUnpacked() throws Exception {
    Path file = source.resolve("words.txt.gz");
    try (var out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("words".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    fetch(uri(file));
    assertThat(sandbox.resolve("words.txt")).hasContent("words");
  }

  @Test
  void redirectsAreFollowed() throws Exception {
    Files.writeString(source.resolve("a.txt"), "a");
    fetch(uri(url("/moved/a.txt")).setExtract(false));
    assertThat(sandbox.resolve("a.txt")).hasContent("a");
  }

  @Test
  void whatIsMissingIsSaidInTheLog() {
    assertThatThrownBy(() -> fetch(uri(url("/missing.tar.gz"))))
        .hasMessageContaining("the server answered 404");
    assertThat(sandbox.resolve("stderr")).content().contains("answered 404");
    assertThatThrownBy(() -> fetch(uri("file:///no/such/core.tar.gz")))
        .hasMessageContaining("No such file or directory");
    assertThatThrownBy(() -> fetch(uri(source))).hasMessageContaining("no regular file");
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() {
    Fetcher impatient = new Fetcher(cache, Duration.ofMillis(300), Clock.systemUTC());
    assertThatThrownBy(
            () -> impatient.fetch(List.of(uri(url("/stalls")).build()), sandbox, Optional.empty()))
        .hasMessageContaining("nothing came");
    impatient.close();
  }

  @Test
  void aServerThatIsNotThereIsSaid() throws IOException {
    WebServer gone = WebServer.builder().start();
    int port = gone.port();
    gone.close();
    assertThatThrownBy(() -> fetch(uri("http://127.0.0.1:" + port + "/core.tar.gz")))
        .isInstanceOf(FetchException.class)
        .hasMessageContaining("http://127.0.0.1:" + port + "/core.tar.gz");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "relative/core.tar.gz",
        "file://",
        "file:///",
        "http://",
        "http:///x",
        "http://h",
        "http://h/",
        "http://h/..",
        "http://h/a b",
        "ftp://h/a",
        "file:///etc/..",
        "s3://bucket/"
      })
  void uRIsThatNameNothingAreRefused(String value) {
    assertThatThrownBy(() -> fetch(uri(value))).isInstanceOf(FetchException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../out", "/tmp/out", "a/../../out", ".", "a/..", "dir-link/out", "link"})
  void anOutputFileStaysInTheSandbox(String name) throws Exception {
    Files.writeString(source.resolve("a.txt"), "a");
    Path victim = Files.writeString(directory.resolve("victim"), "untouched");
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createSymbolicLink(sandbox.resolve("dir-link"), outside);
    Files.createSymbolicLink(sandbox.resolve("link"), victim);
    assertThatThrownBy(
            () -> fetch(uri(source.resolve("a.txt")).setExtract(false).setOutputFile(name)))
        .isInstanceOf(FetchException.class);
    assertThat(victim).hasContent("untouched");
    assertThat(outside).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"core.tar", "core.tar.gz", "core.zip"})
  void anArchiveCannotWriteOutsideTheSandbox(String name) throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Path bad = source.resolve(name);
    for (String entry : new String[] {"../outside/x", "a/../../outside/x", "a/.."}) {
      try (TestArchives archive = TestArchives.create(bad)) {
        archive.file(entry, 0644, "x");
      }
      assertThatThrownBy(() -> fetch(uri(bad))).hasMessageContaining("leave the sandbox");
    }
    try (TestArchives archive = TestArchives.create(bad)) {
      archive.link("out", outside.toString());
      archive.file("out/x", 0644, "x");
    }
    assertThatThrownBy(() -> fetch(uri(bad)))
        .hasMessageContaining("both a link and something else");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void anArchiveCannotWriteThroughAnEarlierArchivesLink() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    try (TestArchives archive = TestArchives.create(source.resolve("first.tar.gz"))) {
      archive.link("out", outside.toString());
      archive.link("stderr", outside.resolve("log").toString());
    }
    try (TestArchives archive = TestArchives.create(source.resolve("second.tar.gz"))) {
      archive.file("out/x", 0644, "x");
    }
    assertThatThrownBy(() -> fetch(uri(source.resolve("first.tar.gz"))))
        .isInstanceOf(FetchException.class);
    assertThatThrownBy(() -> fetch(uri(source.resolve("second.tar.gz"))))
        .isInstanceOf(FetchException.class);
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void anAbsoluteNameInAnArchiveIsTakenFromTheSandbox() throws Exception {
    Path file = source.resolve("core.tar");
    try (TestArchives archive = TestArchives.create(file)) {
      archive.file("/etc/x", 0644, "x");
    }
    fetch(uri(file));
    assertThat(sandbox.resolve("etc/x")).hasContent("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"core.tar", "core.tar.gz", "core.tar.bz2", "core.zip", "core.gz"})
  void aDamagedArchiveFailsTheFetch(String name) throws Exception {
    Path file = source.resolve(name);
    Files.write(file, new byte[] {80, 75, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    assertThatThrownBy(() -> fetch(uri(file))).isInstanceOf(FetchException.class);
  }

  @Test
  void anArchiveThatIsCutOffFailsTheFetch() throws Exception {
    Path file = archive("core.tar.gz");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> fetch(uri(file))).hasMessageContaining("cannot extract");
  }

  @Test
  void whatOnlyHadoopKnowsNeedsItsClient() {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        org.apache.heron.minicluster.agent.process.Programs.find("hadoop").isEmpty()
            && org.apache.heron.minicluster.agent.process.Programs.find("hdfs").isEmpty());
    assertThatThrownBy(() -> fetch(uri("hdfs://namenode/core.tar.gz")))
        .hasMessageContaining("Hadoop client");
  }

  @Test
  void theFirstFailureEndsIt() {
    assertThatThrownBy(
            () ->
                fetcher.fetch(
                    List.of(uri(url("/missing")).build(), uri(url("/moved/a.txt")).build()),
                    sandbox,
                    Optional.empty()))
        .isInstanceOf(FetchException.class);
    assertThat(served).hasValue(1);
  }
}
