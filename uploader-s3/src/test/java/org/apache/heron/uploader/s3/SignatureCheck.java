package org.apache.heron.uploader.s3;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.heron.uploader.s3.StrictS3.Refusal;
import org.apache.heron.web.WebRequest;

/**
 * Computes a request's signature anew, as the S3 API reference describes it ("Authenticating
 * Requests: AWS Signature Version 4"), in the header and in the query.
 */
final class SignatureCheck {
  private static final Pattern HEADER =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})");

  private final String accessKey;
  private final String secretKey;
  private final String region;

  SignatureCheck(String accessKey, String secretKey, String region) {
    this.accessKey = accessKey;
    this.secretKey = secretKey;
    this.region = region;
  }

  void check(WebRequest request) {
    if (request.query("X-Amz-Signature").isPresent()) {
      String credential = request.query("X-Amz-Credential").orElse("");
      verify(
          request,
          credential,
          request.query("X-Amz-SignedHeaders").orElse(""),
          request.query("X-Amz-Signature").orElseThrow(),
          request.query("X-Amz-Date").orElse(""),
          "UNSIGNED-PAYLOAD");
      return;
    }
    Matcher header = HEADER.matcher(request.header("Authorization").orElse(""));
    if (!header.matches()) {
      throw new Refusal(403, "AccessDenied", "Access Denied");
    }
    String hash = request.header("x-amz-content-sha256").orElse("");
    if (!hash.equals("UNSIGNED-PAYLOAD") && !hash.equals(hex(sha256(request.body())))) {
      throw new Refusal(400, "XAmzContentSHA256Mismatch", "The hash does not match.");
    }
    verify(
        request,
        header.group(1),
        header.group(2),
        header.group(3),
        request.header("x-amz-date").orElse(""),
        hash);
  }

  private void verify(
      WebRequest request,
      String credential,
      String signedHeaders,
      String signature,
      String date,
      String payload) {
    String[] scope = credential.split("/");
    if (!scope[0].equals(accessKey)) {
      throw new Refusal(403, "InvalidAccessKeyId", "The access key does not exist.");
    }
    if (scope.length != 5 || !scope[2].equals(region) || !date.startsWith(scope[1])) {
      throw new Refusal(
          400, "AuthorizationHeaderMalformed", "The region is wrong; expecting '" + region + "'");
    }
    List<String> headers = List.of(signedHeaders.split(";"));
    if (!headers.contains("host")) {
      throw new Refusal(403, "AccessDenied", "The host header must be signed.");
    }
    StringBuilder canonical = new StringBuilder();
    canonical.append(request.method()).append('\n');
    canonical.append(encode(request.path()).replace("%2F", "/")).append('\n');
    canonical.append(query(request)).append('\n');
    for (String header : headers) {
      String value = request.header(header).orElse("").trim().replaceAll(" +", " ");
      canonical.append(header).append(':').append(value).append('\n');
    }
    canonical.append('\n').append(signedHeaders).append('\n').append(payload);
    String toSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            date,
            scope[1] + "/" + scope[2] + "/s3/aws4_request",
            hex(sha256(canonical.toString().getBytes(StandardCharsets.UTF_8))));
    byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(scope[1], scope[2], "s3", "aws4_request")) {
      key = hmac(key, part);
    }
    if (!hex(hmac(key, toSign)).equals(signature)) {
      throw new Refusal(
          403, "SignatureDoesNotMatch", "The request signature we calculated does not match.");
    }
  }

  private static String query(WebRequest request) {
    Map<String, List<String>> sorted = new TreeMap<>();
    for (String name :
        List.of(
            "partNumber",
            "uploadId",
            "uploads",
            "x-id",
            "X-Amz-Algorithm",
            "X-Amz-Credential",
            "X-Amz-Date",
            "X-Amz-Expires",
            "X-Amz-SignedHeaders")) {
      if (!request.queryAll(name).isEmpty()) {
        List<String> values = new ArrayList<>(request.queryAll(name));
        Collections.sort(values);
        sorted.put(name, values);
      }
    }
    List<String> pairs = new ArrayList<>();
    sorted.forEach(
        (name, values) -> values.forEach(value -> pairs.add(encode(name) + "=" + encode(value))));
    return String.join("&", pairs);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
