package org.apache.heron.client.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.progress.Progress;

/**
 * Requests to one API server, each with a limit of time. A server of ours tells what it is doing
 * while it does it, a JSON object a line; upstream's server answers once, at the end. The JDK's old
 * client is used on purpose: its classes load in a tenth of the new one's time.
 */
final class ApiConnection {
  private static final String LINES = "application/x-ndjson";
  private static final int MOST_BYTES = 64 << 20;

  private final URI base;
  private final Optional<String> token;
  private final Patience patience;

  ApiConnection(URI base, Optional<String> token, Patience patience) {
    this.base = base;
    this.token = token;
    this.patience = patience;
  }

  URI base() {
    return base;
  }

  /**
   * Makes a request.
   *
   * @param path below {@code /api/v1}, encoded, with its query
   * @param progress is told what the server tells
   * @throws ClientException if there is no whole answer of an API server
   */
  Reply call(String method, String path, Optional<RequestBody> body, Progress progress) {
    URI uri = URI.create(base + "/api/v1" + path);
    HttpURLConnection connection = null;
    try {
      connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setRequestMethod(method);
      prepare(connection);
      if (body.isPresent() && !send(connection, body.get())) {
        return refused(connection.getResponseCode(), body.get().length());
      }
      return read(connection, progress);
    } catch (ConnectException | UnknownHostException e) {
      throw new ClientException(
          "Cannot reach the API server at " + base + ": " + reason(e) + "; does it run there?", e);
    } catch (SocketTimeoutException e) {
      throw new ClientException(
          String.valueOf(e.getMessage()).toLowerCase(java.util.Locale.ROOT).contains("connect")
              ? "Cannot reach the API server at "
                  + base
                  + ": it does not accept the connection within "
                  + patience.connect().toSeconds()
                  + " seconds"
              : "The API server at "
                  + base
                  + " has been silent for "
                  + patience.answer().toSeconds()
                  + " seconds; whether the command is carried out is not known",
          e);
    } catch (IOException e) {
      throw new ClientException(
          "The connection to the API server at "
              + base
              + " broke ("
              + reason(e)
              + "); whether the command is carried out is not known",
          e);
    } finally {
      if (connection != null) {
        connection.disconnect();
      }
    }
  }

  private static String reason(IOException e) {
    return e instanceof UnknownHostException
        ? "the host name is not known"
        : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void prepare(HttpURLConnection connection) {
    connection.setConnectTimeout((int) patience.connect().toMillis());
    connection.setReadTimeout((int) patience.answer().toMillis());
    connection.setUseCaches(false);
    // Following one would show the token to another server.
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Accept", LINES + ", application/json;q=0.9");
    token.ifPresent(text -> connection.setRequestProperty("Authorization", "Bearer " + text));
  }

  /** Returns false if the server has refused the body before it was sent. */
  private static boolean send(HttpURLConnection connection, RequestBody body) throws IOException {
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", body.contentType());
    connection.setFixedLengthStreamingMode(body.length());
    if (body instanceof RequestBody.Multipart) {
      connection.setRequestProperty("Expect", "100-Continue");
    }
    OutputStream opened;
    try {
      opened = connection.getOutputStream();
    } catch (ProtocolException e) {
      return false;
    }
    try (OutputStream out = opened) {
      body.writeTo(out);
    }
    return true;
  }

  /** The JDK's client then knows the status, but has thrown the server's words away. */
  private static Reply refused(int status, long bytes) {
    String message =
        switch (status) {
          case 401, 403 ->
              "the token is missing or not the right one (--service-token-file or"
                  + " service_token_file)";
          case 413 ->
              "The API server takes no upload of "
                  + bytes
                  + " bytes; start it with a higher --max-upload-mb";
          case 503 -> "The API server receives too many uploads just now; try again later";
          case 507 -> "The API server has no room for an upload of " + bytes + " bytes";
          default -> "The API server refuses the upload with HTTP status " + status;
        };
    return new Reply(status, Json.MAPPER.createObjectNode().put("message", message));
  }

  private Reply read(HttpURLConnection connection, Progress progress) throws IOException {
    int status = connection.getResponseCode();
    String type = String.valueOf(connection.getContentType());
    if (status >= 300 && status < 400) {
      throw new ClientException(
          "The API server at "
              + base
              + " sends the command on to "
              + connection.getHeaderField("Location")
              + "; give that address if it is right");
    }
    try (InputStream in =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      if (type.startsWith(LINES)) {
        return lines(in, progress);
      }
      byte[] bytes = in == null ? new byte[0] : in.readNBytes(MOST_BYTES);
      return new Reply(status, json(status, type, bytes));
    }
  }

  private Reply lines(InputStream in, Progress progress) throws IOException {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      JsonNode event = Json.MAPPER.readTree(line);
      String text = event.path("text").asText("");
      switch (event.path("event").asText("")) {
        case "stage" -> progress.stage(text);
        case "info" -> progress.info(text);
        case "warn" -> progress.warn(text);
        case "end" -> {
          return new Reply(event.path("status").asInt(), event.path("body"));
        }
        default -> {
          // A sign of life, or something that newer servers tell.
        }
      }
    }
    throw new IOException("it ended before the answer was complete");
  }

  private JsonNode json(int status, String type, byte[] bytes) {
    if (type.startsWith("application/json")) {
      try {
        JsonNode node = Json.MAPPER.readTree(bytes);
        if (node.isObject() || node.isArray()) {
          return node;
        }
      } catch (IOException e) {
        // Said below, with what was answered.
      }
    }
    String text = new String(bytes, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
    throw new ClientException(
        "What answers at "
            + base
            + " is no API server: it answers "
            + status
            + " "
            + (text.length() <= 200 ? text : text.substring(0, 200) + "…"));
  }

  /** Loaded when an answer is read. */
  static final class Json {
    static final ObjectMapper MAPPER =
        new ObjectMapper()
            .configure(
                com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                false);

    private Json() {}
  }
}
