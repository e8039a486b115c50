package org.apache.heron.downloader.fetch;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a GET without query and body, as the S3 API reference describes it: "Signature Calculations
 * for the Authorization Header: Transferring Payload in a Single Chunk".
 */
public final class S3Signature {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final String EMPTY_BODY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private S3Signature() {}

  /** The headers to send. */
  public static Map<String, String> headers(
      URI uri, S3Credentials credentials, String region, Instant now) {
    return headers(uri, Map.of(), credentials, region, now);
  }

  /**
   * The headers to send.
   *
   * @param further headers that are signed, too, by names in lower case
   */
  static Map<String, String> headers(
      URI uri, Map<String, String> further, S3Credentials credentials, String region, Instant now) {
    String time = TIME.format(now);
    String day = time.substring(0, 8);
    Map<String, String> signed = new TreeMap<>(further);
    signed.put("x-amz-content-sha256", EMPTY_BODY);
    signed.put("x-amz-date", time);
    credentials.sessionToken().ifPresent(token -> signed.put("x-amz-security-token", token));
    signed.put("host", uri.getRawAuthority());
    String names = String.join(";", signed.keySet());
    String canonical =
        String.join(
            "\n",
            "GET",
            uri.getRawPath(),
            "",
            signed.entrySet().stream()
                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                .collect(Collectors.joining()),
            names,
            EMPTY_BODY);
    String scope = day + "/" + region + "/s3/aws4_request";
    String toSign = String.join("\n", "AWS4-HMAC-SHA256", time, scope, hex(sha256(canonical)));
    byte[] key = bytes("AWS4" + credentials.secretKey());
    for (String part : new String[] {day, region, "s3", "aws4_request", toSign}) {
      key = hmac(key, part);
    }
    // The client sets it itself.
    signed.remove("host");
    signed.put(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=%s,Signature=%s"
            .formatted(credentials.accessKey(), scope, names, hex(key)));
    return signed;
  }

  /** As S3 wants it: everything but letters, digits and {@code -._~}. */
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(bytes(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
