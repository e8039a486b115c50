package org.apache.heron.web;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a server that takes uploads allows.
 *
 * @param directory where bodies are kept until their request is answered; exists, and is the
 *     server's alone
 * @param maxBytes of one body
 * @param reserveBytes of the file system that stay free
 * @param atOnce most bodies that are being received at a time
 * @param time in which a body must have come in whole
 */
public record UploadLimits(
    Path directory, long maxBytes, long reserveBytes, int atOnce, Duration time) {
  public UploadLimits {
    if (maxBytes < 1 || atOnce < 1 || reserveBytes < 0 || time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("limits of uploads must be positive");
    }
  }
}
