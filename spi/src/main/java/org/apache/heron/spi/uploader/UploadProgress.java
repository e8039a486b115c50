package org.apache.heron.spi.uploader;

/** Is told how an upload goes on; implementations are thread-safe, quick, and do not throw. */
public interface UploadProgress {
  /**
   * How far a large package has come. Called some twenty times an upload, never for small ones.
   *
   * @param bytes sent so far; less than before when an attempt begins anew
   * @param total size of the package
   */
  void sent(long bytes, long total);

  /** Something that the user should know, though it does not end the upload; one line. */
  void notice(String line);

  /** Tells nobody. */
  UploadProgress NONE =
      new UploadProgress() {
        @Override
        public void sent(long bytes, long total) {}

        @Override
        public void notice(String line) {}
      };
}
