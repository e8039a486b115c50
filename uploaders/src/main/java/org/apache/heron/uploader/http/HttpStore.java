package org.apache.heron.uploader.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.heron.spi.uploader.UploadProgress;
import org.apache.heron.uploader.store.Meter;
import org.apache.heron.uploader.store.PackageFile;
import org.apache.heron.uploader.store.PackageStore;
import org.apache.heron.uploader.store.StoreException;

/**
 * A server that gives each package a name of its own, so that none is ever replaced. Sending and
 * publishing are one step there.
 */
final class HttpStore implements PackageStore {
  private static final int MISSING = 404;
  private static final int GONE = 410;

  /** Servers keep the end of a long name. */
  private static final int COMPARED = 64;

  private final URI uploadUri;
  private final String name;
  private final Optional<String> recorded;
  private final Exchange exchange;
  private final UploadProgress progress;
  private PackageFile file;
  private Meter meter;
  private Optional<URI> uploaded = Optional.empty();
  private boolean unanswered;

  /**
   * @param name of the file that is sent
   * @param recorded the server's answer to the upload, when that was in another process
   */
  HttpStore(
      URI uploadUri,
      String name,
      Optional<String> recorded,
      Exchange exchange,
      UploadProgress progress) {
    this.uploadUri = uploadUri;
    this.name = name;
    this.recorded = recorded;
    this.exchange = exchange;
    this.progress = progress;
  }

  @Override
  public String place() {
    return uploadUri + " (" + HttpUploader.URI_KEY + ")";
  }

  @Override
  public void prepare() {}

  @Override
  public void stage(PackageFile file, Meter meter) {
    this.file = file;
    this.meter = meter;
  }

  @Override
  public boolean backUp() {
    return false;
  }

  @Override
  public URI publish() throws StoreException, InterruptedException {
    Form form = new Form(name, file, meter);
    Exchange.Answer answer;
    unanswered = false;
    try {
      answer =
          exchange.call(
              HttpRequest.newBuilder(uploadUri)
                  .header("Content-Type", form.contentType())
                  .POST(form.publisher()),
              form::sent);
    } catch (StoreException e) {
      if (form.isSent()) {
        unanswered = true;
        // A second attempt could leave two packages there.
        throw StoreException.lasting(
            e.getMessage() + " after the whole package was sent; the server may hold a copy", e);
      }
      throw e;
    }
    if (answer.status() != 200 && answer.status() != 201) {
      throw refused(answer);
    }
    uploaded = Optional.of(uri(answer));
    return uploaded.get();
  }

  private StoreException refused(Exchange.Answer answer) {
    String said = "the server answers " + answer.line();
    if (answer.isPassing()) {
      return StoreException.passing(said, null);
    }
    return StoreException.lasting(
        switch (answer.status()) {
          case 401, 403 -> said + "; check " + HttpUploader.TOKEN_KEY;
          case 413 -> said + "; the package has " + file.bytes() + " bytes, raise its limit";
          default -> said + "; check " + HttpUploader.URI_KEY;
        });
  }

  /** Upstream takes whatever is answered as the URI, pages of errors too. */
  private URI uri(Exchange.Answer answer) throws StoreException {
    String text = answer.body().strip();
    return parsed(text)
        .orElseThrow(
            () ->
                StoreException.lasting(
                    "the server answers no URI to fetch the package from, but "
                        + answer.line()
                        + "; check "
                        + HttpUploader.URI_KEY));
  }

  private static Optional<URI> parsed(String text) {
    try {
      return Optional.of(new URI(text))
          .filter(uri -> uri.isAbsolute() && uri.getSchemeSpecificPart().startsWith("//"));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  @Override
  public void restore() {}

  /** By DELETE on the package's URI, which the API server knows; not every server does. */
  @Override
  public void withdraw() throws StoreException, InterruptedException {
    if (uploaded.isEmpty()) {
      if (unanswered) {
        throw StoreException.lasting(
            "it is not known under which URI the server keeps it; look for '" + name + "' there");
      }
      if (file == null) {
        // A kill, which comes long after the upload.
        withdrawRecorded();
      }
      return;
    }
    delete(uploaded.get(), Set.of(GONE));
    uploaded = Optional.empty();
  }

  /**
   * Only if the address is that of a package of this topology: whoever can write to shared state
   * could otherwise have anything deleted in the name of who kills a topology.
   */
  private void withdrawRecorded() throws StoreException, InterruptedException {
    if (recorded.isEmpty()) {
      progress.notice(
          "The topology package stays on the server of " + place() + ": its URI is not on record");
      return;
    }
    String known = name.replaceAll("[^A-Za-z0-9._+-]", "_");
    String end = known.substring(Math.max(0, known.length() - COMPARED));
    Optional<URI> uri = parsed(recorded.get()).filter(each -> each.getPath().endsWith(end));
    if (uri.isEmpty()) {
      progress.notice(
          "The topology package stays at '"
              + recorded.get()
              + "', which does not end in '"
              + end
              + "': remove it there");
      return;
    }
    delete(uri.get(), Set.of(GONE, MISSING));
  }

  private void delete(URI uri, Set<Integer> alsoFine) throws StoreException, InterruptedException {
    Exchange.Answer answer = exchange.call(HttpRequest.newBuilder(here(uri)).DELETE(), () -> 0);
    if (answer.status() / 100 == 2 || alsoFine.contains(answer.status())) {
      return;
    } else if (answer.isPassing()) {
      throw StoreException.passing("the server answers " + answer.line(), null);
    } else {
      throw StoreException.lasting(
          "the server does not delete " + uri + ": it answers " + answer.line());
    }
  }

  /** A server may give out another host name than it is called by here. */
  private URI here(URI uri) {
    boolean web = List.of("http", "https").contains(uri.getScheme());
    if (!web || uri.getRawPath() == null || !uri.getRawPath().startsWith("/")) {
      return uri;
    }
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return uploadUri.resolve(uri.getRawPath() + query);
  }

  @Override
  public void discard() {}

  @Override
  public void close() {}

  /** A form with one file in it. */
  private static final class Form {
    private final String boundary = "heron-" + UUID.randomUUID();
    private final byte[] head;
    private final byte[] tail;
    private final PackageFile file;
    private final Meter meter;
    private final AtomicLong sent = new AtomicLong();

    Form(String name, PackageFile file, Meter meter) {
      String quoted = name.replaceAll("[\"\\\\\\p{Cntrl}]", "_");
      this.head =
          ("--"
                  + boundary
                  + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                  + quoted
                  + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8);
      this.tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
      this.file = file;
      this.meter = meter;
    }

    String contentType() {
      return "multipart/form-data; boundary=" + boundary;
    }

    /** Its length is known, so that a server can refuse it before it is sent. */
    HttpRequest.BodyPublisher publisher() {
      return BodyPublishers.fromPublisher(
          BodyPublishers.ofInputStream(this::open), head.length + file.bytes() + tail.length);
    }

    private InputStream open() {
      sent.set(0);
      meter.at(0);
      try {
        return new SequenceInputStream(
            Collections.enumeration(
                List.of(
                    new java.io.ByteArrayInputStream(head),
                    counting(file.open(meter)),
                    new java.io.ByteArrayInputStream(tail))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private InputStream counting(InputStream in) {
      return new java.io.FilterInputStream(in) {
        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
          int read = super.read(buffer, offset, length);
          sent.addAndGet(Math.max(0, read));
          return read;
        }
      };
    }

    long sent() {
      return sent.get();
    }

    boolean isSent() {
      return sent.get() >= file.bytes();
    }
  }
}
