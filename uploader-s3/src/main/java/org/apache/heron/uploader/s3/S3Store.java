package org.apache.heron.uploader.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.heron.uploader.store.Meter;
import org.apache.heron.uploader.store.PackageFile;
import org.apache.heron.uploader.store.PackageStore;
import org.apache.heron.uploader.store.StoreException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An object in a bucket. Small packages are put whole, which readers see at once or not at all;
 * large ones in parts, which appear when all of them are there.
 */
final class S3Store implements PackageStore {
  private static final int MOST_PARTS = 10_000;
  private static final String TYPE = "application/x-gzip";

  private final S3Settings settings;
  private final S3Connection store;
  private final List<CompletedPart> parts = new ArrayList<>();
  private PackageFile file;
  private Meter meter;
  private String upload;
  private boolean kept;

  S3Store(S3Settings settings, S3Connection store) {
    this.settings = settings;
    this.store = store;
  }

  @Override
  public String place() {
    return "s3://"
        + settings.bucket()
        + "/"
        + settings.objectKey()
        + settings.endpoint().map(uri -> " at " + uri).orElse("");
  }

  /** A store that is not there is noticed before anything is begun that is to be taken back. */
  @Override
  public void prepare() throws StoreException {
    store.call(
        client -> {
          try {
            return client.headObject(
                head -> head.bucket(settings.bucket()).key(settings.objectKey()));
          } catch (S3Exception e) {
            if (e.statusCode() >= 500 || e.statusCode() == 429) {
              throw e;
            }
            // There is none, most often. The answer to HEAD has no words; refusals come with them.
            return null;
          }
        });
  }

  /** Goes on with the part at which an attempt before has failed. */
  @Override
  public void stage(PackageFile file, Meter meter) throws StoreException {
    this.file = file;
    this.meter = meter;
    if (file.bytes() <= settings.partBytes()) {
      return;
    }
    if (upload == null) {
      upload =
          store.call(
              client ->
                  client
                      .createMultipartUpload(
                          create ->
                              create
                                  .bucket(settings.bucket())
                                  .key(settings.objectKey())
                                  .contentType(TYPE))
                      .uploadId());
    }
    long size = Math.max(settings.partBytes(), file.bytes() / MOST_PARTS + 1);
    long start = parts.size() * size;
    meter.at(start);
    for (; start < file.bytes(); start += size) {
      long length = Math.min(size, file.bytes() - start);
      parts.add(part(parts.size() + 1, start, length));
      meter.at(start + length);
    }
  }

  private CompletedPart part(int number, long start, long length) throws StoreException {
    String tag =
        store.call(
            client ->
                client
                    .uploadPart(
                        part ->
                            part.bucket(settings.bucket())
                                .key(settings.objectKey())
                                .uploadId(upload)
                                .partNumber(number)
                                .overrideConfiguration(
                                    call -> call.apiCallTimeout(store.limit(length))),
                        content(start, length))
                    .eTag());
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  private RequestBody content(long start, long length) {
    return RequestBody.fromContentProvider(
        () -> new Section(file.path(), start, length), length, TYPE);
  }

  @Override
  public boolean backUp() throws StoreException {
    try {
      kept = true;
      kept = copied(settings.objectKey(), settings.previousKey());
      return kept;
    } catch (StoreException e) {
      // Where the answer is lost there may be a copy; a refusal has made none.
      kept = e.isPassing();
      throw e;
    }
  }

  private boolean copied(String from, String to) throws StoreException {
    return store.call(
        client -> {
          try {
            client.copyObject(
                copy ->
                    copy.sourceBucket(settings.bucket())
                        .sourceKey(from)
                        .destinationBucket(settings.bucket())
                        .destinationKey(to));
            return true;
          } catch (NoSuchKeyException e) {
            return false;
          } catch (S3Exception e) {
            // Some stores say so in their own words; a bucket that is not there is another thing.
            if (e.statusCode() == 404 && !isAboutTheBucket(e)) {
              return false;
            }
            throw e;
          }
        });
  }

  private static boolean isAboutTheBucket(S3Exception e) {
    return e.awsErrorDetails() != null && "NoSuchBucket".equals(e.awsErrorDetails().errorCode());
  }

  @Override
  public URI publish() throws StoreException {
    if (upload == null) {
      store.call(
          client ->
              client.putObject(
                  put ->
                      put.bucket(settings.bucket())
                          .key(settings.objectKey())
                          .contentType(TYPE)
                          .overrideConfiguration(
                              call -> call.apiCallTimeout(store.limit(file.bytes()))),
                  content(0, file.bytes())));
      meter.at(file.bytes());
    } else {
      store.call(this::complete);
      upload = null;
      parts.clear();
    }
    return uri();
  }

  private Boolean complete(S3Client client) {
    try {
      client.completeMultipartUpload(
          complete ->
              complete
                  .bucket(settings.bucket())
                  .key(settings.objectKey())
                  .uploadId(upload)
                  .multipartUpload(all -> all.parts(parts)));
      return true;
    } catch (NoSuchUploadException e) {
      // An attempt before has completed it and lost the answer only, if the object is there.
      if (size(client) == file.bytes()) {
        return true;
      }
      throw e;
    }
  }

  private long size(S3Client client) {
    return client
        .headObject(head -> head.bucket(settings.bucket()).key(settings.objectKey()))
        .contentLength();
  }

  private URI uri() throws StoreException {
    return switch (settings.download()) {
      case S3 -> address();
      case PRESIGNED -> store.presigned();
      case HTTPS ->
          URI.create(
              store.call(
                  client ->
                      client
                          .utilities()
                          .getUrl(url -> url.bucket(settings.bucket()).key(settings.objectKey()))
                          .toString()));
    };
  }

  /** With what a URI cannot hold encoded; whoever fetches the object decodes it. */
  private URI address() throws StoreException {
    try {
      URI plain = new URI("s3", settings.bucket(), "/" + settings.objectKey(), null, null);
      return URI.create(plain.toASCIIString());
    } catch (URISyntaxException e) {
      throw StoreException.lasting("there is no URI of the object: " + e.getMessage(), e);
    }
  }

  @Override
  public void restore() throws StoreException {
    if (!copied(settings.previousKey(), settings.objectKey())) {
      throw StoreException.lasting(
          "what was there before is gone: there is no '" + settings.previousKey() + "'");
    }
  }

  @Override
  public void withdraw() throws StoreException {
    delete(settings.objectKey());
  }

  @Override
  public void discard() throws StoreException {
    if (upload != null) {
      store.call(
          client -> {
            try {
              return client.abortMultipartUpload(
                  abort ->
                      abort.bucket(settings.bucket()).key(settings.objectKey()).uploadId(upload));
            } catch (NoSuchUploadException e) {
              return null;
            }
          });
      upload = null;
      parts.clear();
    }
    // Without an upload, this is about what former ones may have left.
    if (kept || file == null) {
      delete(settings.previousKey());
      kept = false;
    }
  }

  private void delete(String key) throws StoreException {
    store.call(client -> client.deleteObject(delete -> delete.bucket(settings.bucket()).key(key)));
  }

  @Override
  public void close() {
    store.close();
  }

  /** A part of a file. */
  private static final class Section extends FilterInputStream {
    private long left;

    Section(Path path, long start, long length) {
      super(at(path, start));
      this.left = length;
    }

    private static InputStream at(Path path, long start) {
      try {
        return Channels.newInputStream(FileChannel.open(path).position(start));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int read = in.read(buffer, offset, (int) Math.min(length, left));
      left -= Math.max(0, read);
      return read;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
