package org.apache.heron.service.call;

import com.google.protobuf.ByteString;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * One HTTP exchange, with limits on time and size. The JDK's old client is used on purpose: its
 * classes load in a tenth of the new one's time, and most commands make one call.
 */
public final class Http {
  private static final int MOST_BYTES = 64 << 20;

  private Http() {}

  /**
   * An answer.
   *
   * @param status HTTP's code
   */
  public record Answer(int status, ByteString body) {
    /** The body as one short line, for messages. */
    public String line() {
      String text = body.toStringUtf8().strip().replaceAll("\\s+", " ");
      return text.length() <= 300 ? text : text.substring(0, 300) + "…";
    }
  }

  /**
   * Makes one call.
   *
   * @param body posted if present
   * @param limit for the answer; connecting has a limit of its own
   * @throws IOException if there is no whole answer in time
   */
  public static Answer call(URI uri, Optional<byte[]> body, Duration limit) throws IOException {
    return call(uri, body, limit, Route.DIRECT);
  }

  /**
   * As {@link #call(URI, Optional, Duration)}.
   *
   * @param route to the process that is called
   */
  public static Answer call(URI uri, Optional<byte[]> body, Duration limit, Route route)
      throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) uri.toURL().openConnection(route.to(uri.getHost(), uri.getPort()));
    connection.setConnectTimeout(10_000);
    connection.setReadTimeout((int) limit.toMillis());
    connection.setUseCaches(false);
    connection.setInstanceFollowRedirects(false);
    try {
      if (body.isPresent()) {
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        // What upstream's client sends; its server looks at neither.
        connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
        connection.setFixedLengthStreamingMode(body.get().length);
        try (OutputStream out = connection.getOutputStream()) {
          out.write(body.get());
        }
      }
      int status = connection.getResponseCode();
      try (InputStream in =
          status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
        byte[] read = in == null ? new byte[0] : in.readNBytes(MOST_BYTES + 1);
        if (read.length > MOST_BYTES) {
          throw new IOException(uri + " answers more than " + MOST_BYTES + " bytes");
        }
        long promised = connection.getContentLengthLong();
        if (read.length < promised) {
          // The JDK's client takes the end of the connection for the end of the answer.
          throw new EOFException(
              "the connection ended after " + read.length + " of " + promised + " bytes");
        }
        return new Answer(status, ByteString.copyFrom(read));
      }
    } finally {
      connection.disconnect();
    }
  }
}
