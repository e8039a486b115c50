package org.apache.heron.uploader.s3;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.heron.web.WebServer;

/**
 * As much of S3 as an uploader needs, by path style. It takes no request whose signature is not
 * right, and none that S3 would refuse for its form.
 */
final class StrictS3 implements AutoCloseable {
  static final String BUCKET = "packages";
  private static final int LEAST_PART = 5 << 20;

  /** What S3 refuses with. */
  static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    Refusal(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }
  }

  private record Upload(String key, Map<Integer, byte[]> parts) {}

  private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final Map<String, Upload> uploads = new ConcurrentSkipListMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final SignatureCheck signatures;
  private final WebServer server;

  /** Called with each operation's name and number; may throw, or wait. */
  private volatile Function<String, String> fault = operation -> null;

  private int uploadNumber;

  StrictS3(String accessKey, String secretKey, String region) throws IOException {
    signatures = new SignatureCheck(accessKey, secretKey, region);
    server =
        WebServer.builder()
            .name("s3")
            .maxBody(64 << 20)
            .route("*", "/{path*}", this::answer)
            .start();
  }

  String uri() {
    return "http://127.0.0.1:" + server.port();
  }

  Map<String, byte[]> objects() {
    return objects;
  }

  /** Uploads in parts that were neither completed nor aborted. */
  int openUploads() {
    return uploads.size();
  }

  /** As if all had been completed or aborted. */
  void forgetUploads() {
    uploads.clear();
  }

  List<String> calls() {
    return calls;
  }

  /** Operations are PUT, PART, BEGIN, COMPLETE, ABORT, COPY, DELETE, HEAD and GET. */
  void fault(Function<String, String> fault) {
    this.fault = fault;
  }

  private void answer(WebRequest request, WebResponse response) {
    String operation = operation(request);
    calls.add(operation);
    try {
      String garbage = fault.apply(operation);
      if (garbage != null) {
        response.sendText(garbage);
        return;
      }
      signatures.check(request);
      List<String> path = List.of(request.path().substring(1).split("/", 2));
      if (!path.get(0).equals(BUCKET)) {
        throw new Refusal(404, "NoSuchBucket", "The specified bucket does not exist");
      }
      perform(operation, path.get(1), request, response);
    } catch (Refusal refusal) {
      response.status(refusal.status);
      response.send(
          "application/xml",
          request.method().equals("HEAD")
              ? new byte[0]
              : ("<?xml version=\"1.0\"?><Error><Code>"
                      + refusal.code
                      + "</Code><Message>"
                      + refusal.getMessage()
                      + "</Message></Error>")
                  .getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String operation(WebRequest request) {
    boolean multipart = request.query("uploadId").isPresent();
    return switch (request.method()) {
      case "PUT" ->
          request.header("x-amz-copy-source").isPresent() ? "COPY" : multipart ? "PART" : "PUT";
      case "POST" -> multipart ? "COMPLETE" : "BEGIN";
      case "DELETE" -> multipart ? "ABORT" : "DELETE";
      default -> request.method();
    };
  }

  private void perform(String operation, String key, WebRequest request, WebResponse response) {
    switch (operation) {
      case "PUT" -> {
        objects.put(key, request.body());
        response.header("ETag", "\"" + request.body().length + "\"").sendEmpty();
      }
      case "BEGIN" -> {
        String id = "upload-" + ++uploadNumber;
        uploads.put(id, new Upload(key, new TreeMap<>()));
        xml(response, "InitiateMultipartUploadResult", "<UploadId>" + id + "</UploadId>");
      }
      case "PART" -> {
        int number = Integer.parseInt(request.query("partNumber").orElseThrow());
        upload(key, request).parts().put(number, request.body());
        response.header("ETag", "\"part-" + number + "\"").sendEmpty();
      }
      case "COMPLETE" -> {
        objects.put(key, joined(upload(key, request), request.bodyText()));
        uploads.remove(request.query("uploadId").orElseThrow());
        xml(response, "CompleteMultipartUploadResult", "<ETag>\"all\"</ETag>");
      }
      case "ABORT" -> {
        upload(key, request);
        uploads.remove(request.query("uploadId").orElseThrow());
        response.status(204).sendEmpty();
      }
      case "COPY" -> {
        String source =
            URLDecoder.decode(
                request.header("x-amz-copy-source").orElseThrow(), StandardCharsets.UTF_8);
        objects.put(key, object(source.substring(source.indexOf('/') + 1)));
        xml(response, "CopyObjectResult", "<ETag>\"copy\"</ETag>");
      }
      case "DELETE" -> {
        objects.remove(key);
        response.status(204).sendEmpty();
      }
      default -> response.send("application/x-gzip", object(key));
    }
  }

  private byte[] object(String key) {
    byte[] content = objects.get(key);
    if (content == null) {
      throw new Refusal(404, "NoSuchKey", "The specified key does not exist.");
    }
    return content;
  }

  private Upload upload(String key, WebRequest request) {
    Upload upload = uploads.get(request.query("uploadId").orElseThrow());
    if (upload == null || !upload.key().equals(key)) {
      throw new Refusal(404, "NoSuchUpload", "The specified upload does not exist.");
    }
    return upload;
  }

  /** The parts that are listed, in ascending order, each but the last large enough. */
  private static byte[] joined(Upload upload, String list) {
    Matcher listed = Pattern.compile("<Part>(.*?)</Part>", Pattern.DOTALL).matcher(list);
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    int before = 0;
    int size = LEAST_PART;
    while (listed.find()) {
      Matcher number = Pattern.compile("<PartNumber>(\\d+)</PartNumber>").matcher(listed.group(1));
      if (!number.find()
          || Integer.parseInt(number.group(1)) <= before
          || !listed.group(1).contains("part-" + number.group(1))) {
        throw new Refusal(400, "InvalidPart", "One or more parts could not be found.");
      }
      before = Integer.parseInt(number.group(1));
      byte[] part = upload.parts().get(before);
      if (part == null || size < LEAST_PART) {
        throw new Refusal(400, "EntityTooSmall", "Your proposed upload is too small.");
      }
      size = part.length;
      all.writeBytes(part);
    }
    if (before == 0) {
      throw new Refusal(400, "MalformedXML", "The XML you provided was not well-formed.");
    }
    return all.toByteArray();
  }

  private static void xml(WebResponse response, String root, String content) {
    response.send(
        "application/xml",
        ("<?xml version=\"1.0\"?><" + root + ">" + content + "</" + root + ">")
            .getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
