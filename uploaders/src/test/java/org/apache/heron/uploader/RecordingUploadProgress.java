package org.apache.heron.uploader;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.heron.spi.uploader.UploadProgress;

/** Keeps what a user would be told of an upload. */
public final class RecordingUploadProgress implements UploadProgress {
  private final List<Long> sent = new CopyOnWriteArrayList<>();
  private final List<String> notices = new CopyOnWriteArrayList<>();

  @Override
  public void sent(long bytes, long total) {
    sent.add(bytes);
  }

  @Override
  public void notice(String line) {
    notices.add(line);
  }

  public List<Long> sent() {
    return sent;
  }

  public List<String> notices() {
    return notices;
  }
}
