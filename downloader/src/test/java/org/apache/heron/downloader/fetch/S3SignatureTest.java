package org.apache.heron.downloader.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3SignatureTest {
  private static final S3Credentials EXAMPLE =
      new S3Credentials(
          "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", Optional.empty());

  /** "Example: GET Object" of the S3 API reference, with the signature that it states. */
  @Test
  void theExampleOfTheReferenceIsSignedAsItStates() {
    Map<String, String> headers =
        S3Signature.headers(
            URI.create("https://examplebucket.s3.amazonaws.com/test.txt"),
            Map.of("range", "bytes=0-9"),
            EXAMPLE,
            "us-east-1",
            Instant.parse("2013-05-24T00:00:00Z"));
    assertThat(headers.get("Authorization"))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    assertThat(headers).containsEntry("x-amz-date", "20130524T000000Z");
  }

  @Test
  void sessionTokensAreSigned() {
    Map<String, String> headers =
        S3Signature.headers(
            URI.create("https://b.s3.amazonaws.com/k"),
            new S3Credentials("A", "S", Optional.of("token")),
            "us-east-1",
            Instant.EPOCH);
    assertThat(headers).containsEntry("x-amz-security-token", "token");
    assertThat(headers.get("Authorization")).contains(";x-amz-security-token,");
  }

  @Test
  void objectsHaveAddresses() throws IOException {
    Map<String, String> none = Map.of();
    assertThat(address("s3://packages/a b/words+1.tar.gz", none))
        .hasToString("https://packages.s3.us-west-2.amazonaws.com/a%20b/words%2B1.tar.gz");
    assertThat(address("s3a://dotted.name/k", Map.of("AWS_REGION", "eu-central-1")))
        .hasToString("https://s3.eu-central-1.amazonaws.com/dotted.name/k");
    assertThat(address("s3://packages/k", Map.of("AWS_ENDPOINT_URL", "http://store:9000/")))
        .hasToString("http://store:9000/packages/k");
    for (String bad : new String[] {"s3://packages", "s3://packages/", "s3:/k", "s3://a:b@c/k"}) {
      assertThatThrownBy(() -> address(bad, none)).hasMessage("it is not s3://bucket/key");
    }
    assertThatThrownBy(() -> address("s3://b/k", Map.of("AWS_ENDPOINT_URL", "no uri")))
        .hasMessageContaining("'no uri' is no URI");
  }

  @Test
  void anAddressInAnotherRegion() throws IOException {
    Map<String, String> none = Map.of();
    URI odd = URI.create("s3://packages/s3.us-west-2.amazonaws.com/k");
    S3Address address = S3Address.of(odd, none, Optional.empty(), Optional.empty());
    assertThat(address.in("eu-central-1"))
        .isEqualTo(
            new S3Address(
                URI.create(
                    "https://packages.s3.eu-central-1.amazonaws.com/s3.us-west-2.amazonaws.com/k"),
                "eu-central-1"));
    S3Address other =
        S3Address.of(
            URI.create("s3://b/k"), none, Optional.of("http://store:9000"), Optional.empty());
    assertThat(other.in("eu-central-1"))
        .isEqualTo(new S3Address(URI.create("http://store:9000/b/k"), "eu-central-1"));
  }

  private static URI address(String text, Map<String, String> environment) throws IOException {
    URI uri = URI.create(text.replace(" ", "%20"));
    return S3Address.of(uri, environment, Optional.empty(), Optional.empty()).uri();
  }

  @Test
  void credentialsAreFoundInTheirUsualOrder(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("credentials"),
            """
            # keys
            [default]
            aws_access_key_id = D
            aws_secret_access_key = DS
            [ada]
            region = x
            aws_access_key_id=A
            aws_secret_access_key=AS=
            aws_session_token=AT
            [half]
            aws_access_key_id = H
            """);
    String shared = file.toString();
    assertThat(
            S3Credentials.find(
                Map.of(
                    "AWS_ACCESS_KEY_ID", "E",
                    "AWS_SECRET_ACCESS_KEY", "ES",
                    "AWS_SHARED_CREDENTIALS_FILE", shared)))
        .hasValue(new S3Credentials("E", "ES", Optional.empty()));
    assertThat(S3Credentials.find(Map.of("AWS_SHARED_CREDENTIALS_FILE", shared)))
        .hasValue(new S3Credentials("D", "DS", Optional.empty()));
    assertThat(
            S3Credentials.find(Map.of("AWS_SHARED_CREDENTIALS_FILE", shared, "AWS_PROFILE", "ada")))
        .hasValue(new S3Credentials("A", "AS=", Optional.of("AT")));
    for (String profile : new String[] {"half", "nobody"}) {
      assertThatThrownBy(
              () ->
                  S3Credentials.find(
                      Map.of("AWS_SHARED_CREDENTIALS_FILE", shared, "AWS_PROFILE", profile)))
          .hasMessageContaining("AWS_PROFILE is '" + profile + "'");
    }
    assertThat(EXAMPLE.toString()).doesNotContain(EXAMPLE.secretKey());
    assertThat(S3Credentials.parse("{\"Code\": \"Failed\"}")).isEmpty();
    assertThat(
            S3Credentials.parse(
                "{\"AccessKeyId\" : \"R\", \"SecretAccessKey\":\"RS\",\n\"Token\": \"RT\"}"))
        .hasValue(new S3Credentials("R", "RS", Optional.of("RT")));
  }
}
