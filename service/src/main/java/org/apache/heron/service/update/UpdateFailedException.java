package org.apache.heron.service.update;

/** A step of an update that did not come about; the message is one line for the user. */
final class UpdateFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  UpdateFailedException(String message) {
    super(message);
  }
}
