package org.apache.heron.client.submit;

import org.apache.heron.client.progress.Progress;
import org.apache.heron.spi.uploader.UploadProgress;

/**
 * Tells the user of an upload, as one stage of a submit.
 *
 * @param stage its name
 */
record UploadStage(String stage, Progress progress) implements UploadProgress {
  @Override
  public void sent(long bytes, long total) {
    progress.stage(stage + " (" + bytes * 100 / total + " %)");
  }

  @Override
  public void notice(String line) {
    progress.warn(line);
  }
}
