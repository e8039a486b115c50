package org.apache.heron.uploader.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.spi.uploader.UploaderException;
import org.apache.heron.uploader.s3.StrictS3.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class S3UploaderTest {
  private static final String OBJECT = "heron/topologies/words/topology.tar.gz";
  private static final String PREVIOUS = "heron/topologies/words/previous_topology.tar.gz";

  @TempDir Path directory;
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final List<Long> sent = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private StrictS3 store;
  private Path source;
  private Path secret;

  @BeforeEach
  void start() throws IOException {
    source = Files.writeString(directory.resolve("topology.tar.gz"), "the package");
    secret =
        Files.createFile(
            directory.resolve("secret"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, "sEcReT/+\n");
    store = new StrictS3("AKIA-ADA", "sEcReT/+", "eu-central-1");
  }

  @AfterEach
  void stop() {
    end.countDown();
    store.close();
  }

  private S3Uploader uploader(Map<String, Object> values) {
    Map<String, Object> all = new HashMap<>();
    all.put("heron.topology.name", "words");
    all.put("heron.topology.package.file", source.toString());
    all.put("heron.uploader.retry.count", 3);
    all.put("heron.uploader.retry.interval.ms", 1);
    all.put("heron.uploader.s3.bucket", StrictS3.BUCKET);
    all.put("heron.uploader.s3.path_prefix", "//heron/topologies/");
    all.put("heron.uploader.s3.access_key", "AKIA-ADA");
    all.put("heron.uploader.s3.secret_key.file", secret.toString());
    all.put("heron.uploader.s3.region", "eu-central-1");
    all.put("heron.uploader.s3.uri", store.uri());
    all.putAll(values);
    all.values().removeIf("unset"::equals);
    S3Uploader uploader = new S3Uploader();
    uploader.progress(
        new UploadProgress() {
          @Override
          public void sent(long bytes, long total) {
            sent.add(bytes);
          }

          @Override
          public void notice(String line) {
            notices.add(line);
          }
        });
    uploader.initialize(Config.of(all, Map.of("heron.uploader.s3.secret_key", "uploader.yaml:7")));
    return uploader;
  }

  private void assertFails(Map<String, Object> values, String... messages) {
    try (S3Uploader uploader = uploader(values)) {
      assertThatThrownBy(uploader::uploadPackage)
          .isInstanceOf(UploaderException.class)
          .hasMessageStartingWith("Cannot upload the topology package '" + source + "' to s3://")
          .hasMessageContainingAll(messages)
          .message()
          .doesNotContain("\n", "sEcReT");
    }
    assertThat(store.objects()).isEmpty();
    assertThat(store.openUploads()).isZero();
  }

  private String stored(String key) {
    return new String(store.objects().get(key), StandardCharsets.UTF_8);
  }

  private byte[] large(int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(1).nextBytes(content);
    Files.write(source, content);
    return content;
  }

  @Test
  void thePackageIsPutUnderUpstreamsKey() {
    try (S3Uploader uploader = uploader(Map.of())) {
      assertThat(uploader.uploadPackage())
          .hasToString(store.uri() + "/" + StrictS3.BUCKET + "/" + OBJECT);
    }
    assertThat(stored(OBJECT)).isEqualTo("the package");
    assertThat(store.objects()).hasSize(1);
    assertThat(notices).isEmpty();
    try (S3Uploader uploader = uploader(Map.of("heron.topology.package.file", "unset"))) {
      uploader.delete();
    }
    assertThat(store.objects()).as("a kill has no package at hand").isEmpty();
  }

  @Test
  void undoPutsBackWhatWasThere() {
    store.objects().put(OBJECT, "the former one".getBytes(StandardCharsets.UTF_8));
    try (S3Uploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
      assertThat(stored(OBJECT)).isEqualTo("the package");
      assertThat(stored(PREVIOUS)).isEqualTo("the former one");
      assertThat(uploader.undo()).isTrue();
    }
    assertThat(stored(OBJECT)).isEqualTo("the former one");
    assertThat(store.objects()).hasSize(1);
    try (S3Uploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    assertThat(store.objects()).containsOnlyKeys(OBJECT);
    store.objects().clear();
    try (S3Uploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
      assertThat(uploader.undo()).isTrue();
    }
    assertThat(store.objects()).isEmpty();
  }

  @Test
  void largePackagesAreSentInPartsAndGoOnWhereTheyFailed() throws IOException {
    byte[] content = large(12 << 20);
    AtomicInteger parts = new AtomicInteger();
    store.fault(
        operation -> {
          if (operation.equals("PART") && parts.incrementAndGet() == 2) {
            throw new Refusal(503, "SlowDown", "Please reduce your request rate.");
          }
          return null;
        });
    try (S3Uploader uploader = uploader(Map.of("heron.uploader.s3.multipart.bytes", 5 << 20))) {
      uploader.uploadPackage();
    }
    assertThat(store.objects().get(OBJECT)).isEqualTo(content);
    assertThat(store.calls())
        .containsExactly("HEAD", "BEGIN", "PART", "PART", "PART", "PART", "COPY", "COMPLETE");
    assertThat(sent).isSorted().endsWith((long) content.length).hasSizeBetween(3, 4);
    assertThat(notices)
        .singleElement()
        .asString()
        .contains("the store answers 503 SlowDown: Please reduce your request rate.");
  }

  @Test
  void aLargePackageThatFailsLeavesNoParts() throws IOException {
    large(12 << 20);
    store.fault(
        operation -> {
          if (operation.equals("COMPLETE")) {
            throw new Refusal(507, "QuotaExceeded", "The disk is full");
          }
          return null;
        });
    assertFails(Map.of(), "the store answers 507 QuotaExceeded: The disk is full");
    assertThat(store.calls()).contains("ABORT");
  }

  @Test
  void aCompletionWhoseAnswerWasLostCounts() throws IOException {
    byte[] content = large(12 << 20);
    AtomicInteger completions = new AtomicInteger();
    store.fault(
        operation -> {
          if (operation.equals("COMPLETE") && completions.incrementAndGet() == 1) {
            store.objects().put(OBJECT, content);
            store.forgetUploads();
            throw new Refusal(500, "InternalError", "We encountered an internal error.");
          }
          return null;
        });
    try (S3Uploader uploader = uploader(Map.of())) {
      uploader.uploadPackage();
    }
    assertThat(store.objects().get(OBJECT)).isEqualTo(content);
  }

  @Test
  void containersMayBeGivenOtherAddresses() throws IOException {
    try (S3Uploader uploader = uploader(Map.of("heron.uploader.s3.download.uri", "s3"))) {
      assertThat(uploader.uploadPackage()).hasToString("s3://" + StrictS3.BUCKET + "/" + OBJECT);
    }
    try (S3Uploader uploader =
        uploader(
            Map.of(
                "heron.uploader.s3.download.uri",
                "presigned",
                "heron.uploader.s3.presigned.hours",
                48))) {
      URI uri = uploader.uploadPackage();
      assertThat(uri.getRawQuery()).contains("X-Amz-Expires=172800");
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      assertThat(connection.getResponseCode()).as("without credentials").isEqualTo(200);
      assertThat(connection.getInputStream().readAllBytes())
          .isEqualTo("the package".getBytes(StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https", "s3", "presigned"})
  void anyPrefixMakesAnAddressByWhichTheObjectIsFound(String download) throws IOException {
    String prefix = "my packages/a%20b/ä+c";
    String object = prefix + "/words/topology.tar.gz";
    store.objects().put(object, "the former one".getBytes(StandardCharsets.UTF_8));
    Map<String, Object> settings =
        Map.of("heron.uploader.s3.path_prefix", prefix, "heron.uploader.s3.download.uri", download);
    try (S3Uploader uploader = uploader(settings)) {
      URI uri = uploader.uploadPackage();
      assertThat(stored(object)).isEqualTo("the package");
      if (download.equals("s3")) {
        assertThat(uri.getAuthority()).isEqualTo(StrictS3.BUCKET);
        assertThat(uri.getPath()).isEqualTo("/" + object);
      } else {
        assertThat(uri.getPath()).isEqualTo("/" + StrictS3.BUCKET + "/" + object);
      }
      assertThat(uri.toString()).as("goes into scripts and commands").matches("\\p{Graph}+");
      assertThat(uploader.undo()).isTrue();
    }
    assertThat(stored(object)).isEqualTo("the former one");
    assertThat(store.objects()).hasSize(1);
  }

  @Test
  void wrongCredentialsAreNamed() throws IOException {
    Files.writeString(secret, "another");
    assertFails(
        Map.of(),
        "403 SignatureDoesNotMatch",
        "check that access key AKIA-ADA may get, put, delete and list in bucket 'packages'");
    assertFails(
        Map.of("heron.uploader.s3.access_key", "AKIA-EVE"), "403 InvalidAccessKeyId", "AKIA-EVE");
    assertThat(notices).as("neither tried again, nor anything to take back").isEmpty();
    Files.writeString(secret, "sEcReT/+");
    assertFails(
        Map.of("heron.uploader.s3.region", "us-west-2"), "The region is wrong", "eu-central-1");
    assertFails(
        Map.of("heron.uploader.s3.bucket", "others"),
        "404 NoSuchBucket",
        "check heron.uploader.s3.bucket");
    assertFails(
        Map.of(
            "heron.uploader.s3.access_key", "unset",
            "heron.uploader.s3.secret_key.file", "unset",
            "heron.uploader.s3.aws_profile", "nobody-has-this-profile"),
        "there are no credentials",
        "nobody-has-this-profile");
  }

  @Test
  void storesThatDoNotAnswerAreNamed() throws IOException {
    // Bound, so that nobody else listens there.
    try (Socket closed = new Socket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String uri = "http://127.0.0.1:" + closed.getLocalPort();
      assertFails(
          Map.of("heron.uploader.s3.uri", uri),
          "no answer from " + uri,
          "Connection refused (tried 3 times)");
    }
    assertThat(notices).as("two attempts, and nothing to take back").hasSize(2);
    store.fault(
        operation -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return null;
        });
    assertFails(
        Map.of("heron.uploader.timeout.ms", 300, "heron.uploader.retry.count", 2),
        "(tried 2 times)");
  }

  @Test
  void answersThatAreNoneAreErrors() {
    store.fault(operation -> "<html>a page of some proxy");
    try (S3Uploader uploader = uploader(Map.of())) {
      assertThatThrownBy(uploader::uploadPackage).isInstanceOf(UploaderException.class);
    }
  }

  @Test
  void secretsInTheConfigurationAreWarnedOf() {
    try (S3Uploader uploader =
        uploader(
            Map.of(
                "heron.uploader.s3.secret_key.file", "unset",
                "heron.uploader.s3.secret_key", "sEcReT/+"))) {
      uploader.uploadPackage();
    }
    assertThat(notices)
        .singleElement()
        .asString()
        .startsWith("The secret key stands in uploader.yaml:7, which goes into every topology")
        .doesNotContain("sEcReT");
  }

  @ParameterizedTest
  @CsvSource({
    "heron.uploader.s3.bucket, <s3_bucket>, the file has an example there",
    "heron.uploader.s3.access_key, <aws_access_key>, the file has an example there",
    "heron.uploader.s3.bucket, a/b, the name of a bucket",
    "heron.uploader.s3.aws_profile, x, one of both",
    "heron.uploader.s3.access_key, unset, because a secret key is",
    "heron.uploader.s3.secret_key.file, unset, because heron.uploader.s3.access_key is",
    "heron.uploader.s3.secret_key, twice, unset beside",
    "heron.uploader.s3.uri, localhost:9000, like http://host:port",
    "heron.uploader.s3.proxy_uri, user:pw@host, heron.uploader.s3.proxy_uri is '…'",
    "heron.uploader.s3.download.uri, ftp, 'https, s3 or presigned'",
    "heron.uploader.s3.presigned.hours, 169, between 1 and 168",
    "heron.uploader.s3.multipart.bytes, 1, between 5242880 and",
  })
  void settingsThatMakeNoSenseAreRefused(String key, String value, String message) {
    assertThatThrownBy(() -> uploader(Map.of(key, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("sEcReT", "pw");
  }
}
