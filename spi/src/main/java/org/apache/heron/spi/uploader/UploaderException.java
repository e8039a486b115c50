package org.apache.heron.spi.uploader;

/** An upload that failed; the message names file, target and cause. */
public final class UploaderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UploaderException(String message) {
    super(message);
  }

  public UploaderException(String message, Throwable cause) {
    super(message, cause);
  }
}
