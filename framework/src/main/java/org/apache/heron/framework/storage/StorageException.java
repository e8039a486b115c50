package org.apache.heron.framework.storage;

/** Why records could not be written or read, for good: what may pass is tried again inside. */
public abstract sealed class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private StorageException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Another scheduler has taken over: this one must stop, and has written nothing since. */
  public static final class Deposed extends StorageException {
    private static final long serialVersionUID = 1L;

    Deposed(String message) {
      super(message, null);
    }
  }

  /** A node holds what cannot be read; nothing was changed. */
  public static final class Unreadable extends StorageException {
    private static final long serialVersionUID = 1L;

    Unreadable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** ZooKeeper refuses for good: permissions, or a record that is too large. */
  public static final class Refused extends StorageException {
    private static final long serialVersionUID = 1L;

    Refused(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** ZooKeeper does not answer now; thrown by those only who do not wait for it. */
  public static final class Away extends StorageException {
    private static final long serialVersionUID = 1L;

    public Away(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Nothing is on record that could be gone on with: it was removed by a kill, or by someone who is
   * no scheduler. Whether anything of it still runs only Mesos can tell.
   */
  public static final class Absent extends StorageException {
    private static final long serialVersionUID = 1L;

    /**
     * What is missing.
     *
     * @param message for people, one line
     */
    public Absent(String message) {
      super(message, null);
    }
  }

  /** The store was closed, or its records removed, before this was done. */
  public static final class Closed extends StorageException {
    private static final long serialVersionUID = 1L;

    Closed(String message) {
      super(message, null);
    }
  }
}
