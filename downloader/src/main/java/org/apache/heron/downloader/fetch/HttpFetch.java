package org.apache.heron.downloader.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One file by http, whole: a connection that breaks is made anew and goes on where it broke, if the
 * server says that the file is still the same. The JDK's old client is used on purpose: its time
 * limits hold for each read. Immutable.
 *
 * @param connect time limit of a connection
 * @param silence time limit of each read
 * @param attempts in a row that come no further than those before, at most
 * @param pause before another attempt, at first; it doubles
 * @param mostBytes that a file may have
 */
public record HttpFetch(
    Duration connect, Duration silence, int attempts, Duration pause, long mostBytes) {
  /** For servers that want to know nothing of the caller. */
  public static final Function<URI, Map<String, String>> NO_HEADERS = uri -> Map.of();

  private static final int MOST_REDIRECTS = 5;

  /** Bytes of an answer's body that are looked at, and characters of it that are told. */
  private static final int MOST_SAID = 4096;

  private static final int LONGEST_LINE = 300;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  /** With limits that suit packages. */
  public static HttpFetch usual() {
    return new HttpFetch(
        Duration.ofSeconds(15), Duration.ofSeconds(60), 5, Duration.ofMillis(500), 8L << 30);
  }

  /** What another attempt cannot mend. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** How far a download has come. */
  private static final class State {
    private long have;

    /** The most that any attempt has had, so that beginning anew does not count as coming on. */
    private long furthest;

    private long total = -1;
    private String validator;

    void beginAnew() {
      have = 0;
      total = -1;
      validator = null;
    }

    boolean isWhole() {
      return total >= 0 && have == total;
    }
  }

  /**
   * Fetches a file.
   *
   * @param headers to send to a URI; asked again for each connection
   * @throws OtherRegion if a store of S3's kind says that it is to be asked there
   * @throws IOException if not all of it could be had
   */
  public void fetch(URI uri, Function<URI, Map<String, String>> headers, Path file)
      throws IOException, InterruptedException {
    if (uri.getRawAuthority() == null) {
      throw new Refused("it names no host");
    }
    State state = new State();
    for (int failed = 0; ; ) {
      long before = state.furthest;
      try {
        attempt(uri, headers, file, state);
        return;
      } catch (Refused | OtherRegion e) {
        throw e;
      } catch (IOException e) {
        failed = state.furthest > before ? 1 : failed + 1;
        if (Files.exists(file) && Files.getFileStore(file).getUsableSpace() == 0) {
          throw new IOException("there is no room left on the disk: " + e.getMessage(), e);
        }
        if (failed >= attempts) {
          throw new IOException(text(e) + " (" + attempts + " attempts" + progress(state) + ")", e);
        }
        TimeUnit.MILLISECONDS.sleep(pauseMillis(failed));
      }
    }
  }

  private static String progress(State state) {
    return state.total < 0 ? "" : "; " + state.have + " of " + state.total + " bytes came";
  }

  private static String text(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private long pauseMillis(int failed) {
    long longest = Math.min(LONGEST_PAUSE.toMillis(), pause.toMillis() << Math.min(failed - 1, 10));
    return longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
  }

  private void attempt(URI uri, Function<URI, Map<String, String>> headers, Path file, State state)
      throws IOException {
    if (state.validator == null) {
      // Nothing says that what comes next would be of the same file.
      state.beginAnew();
    }
    HttpURLConnection connection = open(uri, headers, state);
    try {
      accept(connection, state);
      if (state.total > mostBytes) {
        throw new Refused("it has " + state.total + " bytes, more than " + mostBytes);
      }
      if (!state.isWhole() || state.have == 0) {
        receive(connection, file, state);
      }
    } finally {
      connection.disconnect();
    }
  }

  private HttpURLConnection open(URI uri, Function<URI, Map<String, String>> headers, State state)
      throws IOException {
    URI target = uri;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpURLConnection connection = (HttpURLConnection) target.toURL().openConnection();
      connection.setConnectTimeout((int) connect.toMillis());
      connection.setReadTimeout((int) silence.toMillis());
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setRequestProperty("Accept-Encoding", "identity");
      if (target.equals(uri)) {
        // Secrets are for the server that was named, not for those it names.
        headers.apply(target).forEach(connection::setRequestProperty);
        basic(target, connection);
      }
      if (state.have > 0) {
        connection.setRequestProperty("Range", "bytes=" + state.have + "-");
        connection.setRequestProperty("If-Range", state.validator);
      }
      int status = connection.getResponseCode();
      boolean nowhere = status == 301 && connection.getHeaderField("Location") == null;
      if (status == 400 || nowhere) {
        refuse(connection, status);
      }
      if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
        return connection;
      }
      String location = connection.getHeaderField("Location");
      connection.disconnect();
      target = redirected(target, location);
    }
    throw new Refused("it was redirected more than " + MOST_REDIRECTS + " times");
  }

  private static void refuse(HttpURLConnection connection, int status) throws IOException {
    String body = body(connection);
    Optional<OtherRegion> elsewhere =
        OtherRegion.in(status, connection.getHeaderField(OtherRegion.HEADER), body);
    connection.disconnect();
    throw elsewhere
        .map(IOException.class::cast)
        .orElseGet(() -> new Refused("the server answers " + status + line(body)));
  }

  private static URI redirected(URI from, String location) throws IOException {
    URI target;
    try {
      target = from.resolve(String.valueOf(location));
    } catch (IllegalArgumentException e) {
      throw new Refused("the server redirects to '" + location + "', which is no URI");
    }
    boolean web = "http".equals(target.getScheme()) || "https".equals(target.getScheme());
    if (location == null || !web) {
      throw new Refused("the server redirects to '" + location + "'");
    }
    if ("https".equals(from.getScheme()) && "http".equals(target.getScheme())) {
      throw new Refused("the server redirects from https to '" + target + "', which is not safe");
    }
    return target;
  }

  private static void basic(URI uri, HttpURLConnection connection) {
    if (uri.getUserInfo() != null) {
      byte[] pair = uri.getUserInfo().getBytes(StandardCharsets.UTF_8);
      connection.setRequestProperty(
          "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }
  }

  /** Reads the head of the answer. */
  private static void accept(HttpURLConnection connection, State state) throws IOException {
    int status = connection.getResponseCode();
    if (status == 200) {
      state.beginAnew();
      state.total = connection.getContentLengthLong();
      state.validator = validator(connection);
    } else if (status == 206 && state.have > 0) {
      String range = String.valueOf(connection.getHeaderField("Content-Range"));
      if (!range.equals("bytes " + state.have + "-" + (state.total - 1) + "/" + state.total)) {
        state.beginAnew();
        throw new IOException("the server goes on with '" + range + "', which was not asked for");
      }
    } else if (status == 416 && state.have > 0) {
      state.beginAnew();
      throw new IOException("the server does not go on: 416");
    } else if (status == 408 || status == 429 || status >= 500) {
      throw new IOException("the server answers " + status + said(connection));
    } else {
      throw new Refused("the server answers " + status + said(connection));
    }
  }

  /** Only a strong one, as RFC 9110 asks of If-Range; and only with a length it can go on. */
  private static String validator(HttpURLConnection connection) {
    if (connection.getContentLengthLong() < 0) {
      return null;
    }
    String tag = connection.getHeaderField("ETag");
    return tag != null && !tag.startsWith("W/") ? tag : connection.getHeaderField("Last-Modified");
  }

  private static String said(HttpURLConnection connection) {
    return line(body(connection));
  }

  private static String line(String body) {
    String line = body.strip().replaceAll("\\s+", " ");
    return line.isEmpty() ? "" : " " + line.substring(0, Math.min(line.length(), LONGEST_LINE));
  }

  /** The begin of an answer that is no success. */
  private static String body(HttpURLConnection connection) {
    try (InputStream in = connection.getErrorStream()) {
      return in == null ? "" : new String(in.readNBytes(MOST_SAID), StandardCharsets.UTF_8);
    } catch (IOException e) {
      // The status says enough.
      return "";
    }
  }

  private void receive(HttpURLConnection connection, Path file, State state) throws IOException {
    try (InputStream in = connection.getInputStream();
        OutputStream out =
            Files.newOutputStream(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                state.have > 0
                    ? StandardOpenOption.APPEND
                    : StandardOpenOption.TRUNCATE_EXISTING)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (state.have + n > mostBytes) {
          throw new Refused("it has more than " + mostBytes + " bytes");
        }
        write(out, buffer, n);
        state.have += n;
        state.furthest = Math.max(state.furthest, state.have);
      }
    }
    if (state.total >= 0 && state.have != state.total) {
      throw new IOException("the connection ended early");
    }
  }

  /** A file that cannot be written is no fault of the server's. */
  private static void write(OutputStream out, byte[] buffer, int length) throws IOException {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw new Refused("it cannot be written here: " + e.getMessage());
    }
  }
}
