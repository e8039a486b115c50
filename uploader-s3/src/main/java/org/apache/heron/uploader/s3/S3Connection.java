package org.apache.heron.uploader.s3;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.heron.uploader.store.StoreException;
import org.apache.heron.uploader.store.StoreTimes;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Calls to the store, with limits of time; what fails is said in one line. Not thread-safe. */
final class S3Connection implements AutoCloseable {
  /** A connection slower than this is of no use: bytes a second. */
  private static final long SLOWEST = 32 << 10;

  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

  private final S3Settings settings;
  private final StoreTimes times;
  private S3Client client;

  S3Connection(S3Settings settings, StoreTimes times) {
    this.settings = settings;
    this.times = times;
  }

  /** A call to the store. */
  interface Call<T> {
    T on(S3Client client);
  }

  /**
   * Makes a call.
   *
   * @throws StoreException passing if the store may do it later
   */
  <T> T call(Call<T> call) throws StoreException {
    try {
      return call.on(client());
    } catch (SdkException e) {
      throw failed(e);
    } catch (UncheckedIOException e) {
      throw StoreException.lasting("the package cannot be read: " + e.getMessage(), e);
    }
  }

  /** How long a call may take that sends so many bytes. */
  Duration limit(long bytes) {
    return times.silence().plusSeconds(bytes / SLOWEST);
  }

  private S3Client client() {
    if (client == null) {
      UrlConnectionHttpClient.Builder http =
          UrlConnectionHttpClient.builder()
              .connectionTimeout(times.connect())
              .socketTimeout(times.silence());
      settings.proxy().ifPresent(uri -> http.proxyConfiguration(proxy(uri)));
      client =
          S3Client.builder()
              .region(region())
              .credentialsProvider(credentials())
              .httpClientBuilder(http)
              .applyMutation(builder -> settings.endpoint().ifPresent(builder::endpointOverride))
              .serviceConfiguration(service())
              // Checksums in trailers are Amazon's alone; the others refuse them.
              .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
              .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
              .overrideConfiguration(
                  override ->
                      override
                          // The uploader tries again, and says so.
                          .retryStrategy(DefaultRetryStrategy.doNotRetry())
                          .apiCallTimeout(limit(0)))
              .build();
    }
    return client;
  }

  /** A link that holds for a while. */
  URI presigned() throws StoreException {
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .region(region())
            .credentialsProvider(credentials())
            .serviceConfiguration(service());
    settings.endpoint().ifPresent(builder::endpointOverride);
    try (S3Presigner presigner = builder.build()) {
      return URI.create(
          presigner
              .presignGetObject(
                  presign ->
                      presign
                          .signatureDuration(settings.presigned())
                          .getObjectRequest(
                              get -> get.bucket(settings.bucket()).key(settings.objectKey())))
              .url()
              .toString());
    } catch (SdkException e) {
      throw failed(e);
    }
  }

  private S3Configuration service() {
    return S3Configuration.builder()
        // Stores other than Amazon's rarely have a host name for each bucket.
        .pathStyleAccessEnabled(settings.endpoint().isPresent())
        .chunkedEncodingEnabled(false)
        .build();
  }

  private static ProxyConfiguration proxy(URI uri) {
    ProxyConfiguration.Builder proxy =
        ProxyConfiguration.builder()
            .endpoint(
                URI.create(uri.getScheme() + "://" + uri.getRawAuthority().replaceAll(".*@", "")));
    if (uri.getUserInfo() != null) {
      String[] user = uri.getUserInfo().split(":", 2);
      proxy.username(user[0]);
      proxy.password(user.length > 1 ? user[1] : "");
    }
    return proxy.build();
  }

  private AwsCredentialsProvider credentials() {
    if (settings.login() instanceof S3Settings.Login.Keys keys) {
      return StaticCredentialsProvider.create(
          AwsBasicCredentials.create(keys.access(), keys.secret()));
    }
    if (settings.login() instanceof S3Settings.Login.Profile profile) {
      return ProfileCredentialsProvider.create(profile.name());
    }
    return DefaultCredentialsProvider.builder().build();
  }

  /** The key, the environment, the profile, or upstream's default; no call to find it out. */
  private Region region() {
    String name =
        settings
            .region()
            .or(() -> Optional.ofNullable(System.getenv("AWS_REGION")))
            .or(() -> Optional.ofNullable(System.getenv("AWS_DEFAULT_REGION")))
            .or(this::profileRegion)
            .orElse("us-west-2");
    return Region.of(name);
  }

  private Optional<String> profileRegion() {
    String name =
        settings.login() instanceof S3Settings.Login.Profile profile ? profile.name() : "default";
    return ProfileFile.defaultProfileFile()
        .profile(name)
        .flatMap(profile -> profile.property("region"));
  }

  private StoreException failed(SdkException e) {
    if (e instanceof AwsServiceException service) {
      return answered(service);
    }
    if (e instanceof ApiCallTimeoutException) {
      return StoreException.passing("no answer in time: " + times.silenceText(), e);
    }
    String said = oneLine(e.getMessage());
    if (e instanceof SdkClientException
        && (said.contains("credentials") || said.contains("profile"))) {
      return StoreException.lasting(
          "there are no credentials: "
              + said
              + "; set "
              + S3Settings.PROFILE
              + ", or "
              + S3Settings.ACCESS
              + " and "
              + S3Settings.SECRET_FILE,
          e);
    }
    return StoreException.passing("no answer from " + where() + ": " + said, e);
  }

  private StoreException answered(AwsServiceException e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    String text = e.awsErrorDetails() == null ? e.getMessage() : e.awsErrorDetails().errorMessage();
    String said =
        "the store answers %d%s%s"
            .formatted(
                e.statusCode(),
                code == null ? "" : " " + code,
                text == null || text.isBlank() ? "" : ": " + oneLine(text));
    if (PASSING.contains(e.statusCode())) {
      return StoreException.passing(said, e);
    }
    return StoreException.lasting(
        switch (e.statusCode()) {
          case 301, 307 -> said + "; the bucket is elsewhere, check " + S3Settings.REGION;
          case 401, 403 ->
              said
                  + "; check that "
                  + settings.login()
                  + " may get, put, delete and list in bucket '"
                  + settings.bucket()
                  + "'";
          case 404 -> said + "; check " + S3Settings.BUCKET;
          default -> said;
        },
        e);
  }

  private String where() {
    return settings.endpoint().map(URI::toString).orElse("Amazon S3 in " + region());
  }

  private static String oneLine(String text) {
    String line =
        String.valueOf(text)
            .replaceAll("\\(SDK Attempt Count: \\d+\\)", "")
            .strip()
            .replaceAll("\\s+", " ");
    return line.length() <= 300 ? line : line.substring(0, 300) + "…";
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
