package org.apache.heron.uploader.store;

import org.apache.heron.spi.uploader.UploadProgress;

/** Counts what has been sent, and tells of it in steps of a twentieth. Thread-safe. */
public final class Meter {
  /** Smaller packages are sent before anybody would read how far they have come. */
  static final long WORTH_TELLING = 10L << 20;

  private static final int STEPS = 20;

  private final UploadProgress progress;
  private final long total;
  private long sent;
  private long told;

  /** Nothing sent yet. */
  public Meter(UploadProgress progress, long total) {
    this.progress = progress;
    this.total = total;
  }

  /** So many bytes more. */
  public synchronized void add(long bytes) {
    at(sent + bytes);
  }

  /** So many bytes in all; 0 when an attempt begins. */
  public synchronized void at(long bytes) {
    sent = bytes;
    long step = total == 0 ? 0 : Math.min(STEPS, sent * STEPS / total);
    if (total > WORTH_TELLING && step != told) {
      told = step;
      progress.sent(Math.min(sent, total), total);
    }
  }
}
