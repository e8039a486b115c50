package org.apache.heron.minicluster.master;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Locale;
import java.util.Optional;
import org.apache.heron.minicluster.json.MesosJson;
import org.apache.heron.minicluster.json.MesosJsonException;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.WebRequest;

/** The two forms of Mesos' messages, chosen by {@code Content-Type} and {@code Accept}. */
enum MediaType {
  /** JSON as Mesos writes it. */
  JSON("application/json"),
  /** Protobuf. */
  PROTOBUF("application/x-protobuf");

  private final String text;

  MediaType(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** The form of a request's body; 400 or 415 with the recorded texts (bad-calls.jsonl). */
  static MediaType ofBody(WebRequest request) {
    if (request.header("Content-Type").isEmpty()) {
      throw new HttpError(400, "Expecting 'Content-Type' to be present");
    }
    for (MediaType type : values()) {
      if (type.text.equals(request.contentType())) {
        return type;
      }
    }
    throw new HttpError(
        415, "Expecting 'Content-Type' of application/json or application/x-protobuf");
  }

  /** The form wanted for the answer, JSON first as Mesos prefers it; 406 if neither will do. */
  static MediaType ofAnswer(WebRequest request) {
    String accept = String.join(",", request.headerAll("Accept")).toLowerCase(Locale.ROOT);
    return accepted(accept)
        .orElseThrow(
            () ->
                new HttpError(
                    406, "Expecting 'Accept' to allow application/json or application/x-protobuf"));
  }

  private static Optional<MediaType> accepted(String accept) {
    if (accept.isBlank()) {
      return Optional.of(JSON);
    }
    for (MediaType type : values()) {
      for (String each : accept.split(",")) {
        String range = each.split(";", 2)[0].trim();
        boolean refused = each.replace(" ", "").matches(".*;q=0(\\.0*)?(;.*)?");
        if (!refused
            && (range.equals("*/*") || range.equals("application/*") || range.equals(type.text))) {
          return Optional.of(type);
        }
      }
    }
    return Optional.empty();
  }

  /** Reads a {@code Call}; 400 with Mesos' text if it is none. */
  <B extends Message.Builder> B read(WebRequest request, B call) {
    switch (this) {
      case PROTOBUF -> readProtobuf(request, call);
      case JSON -> readJson(request, call);
    }
    return call;
  }

  private static void readProtobuf(WebRequest request, Message.Builder call) {
    try {
      call.mergeFrom(request.body());
    } catch (InvalidProtocolBufferException e) {
      throw new HttpError(400, "Failed to parse body into Call protobuf");
    }
    if (!call.isInitialized()) {
      throw new HttpError(400, "Failed to parse body into Call protobuf");
    }
  }

  private static void readJson(WebRequest request, Message.Builder call) {
    com.fasterxml.jackson.databind.JsonNode tree;
    try {
      tree = MesosJson.parse(request.bodyText());
    } catch (MesosJsonException e) {
      throw new HttpError(400, "Failed to parse body into JSON: " + e.getMessage());
    }
    try {
      MesosJson.merge(tree, call);
    } catch (MesosJsonException e) {
      throw new HttpError(400, "Failed to convert JSON into Call protobuf: " + e.getMessage());
    }
  }
}
