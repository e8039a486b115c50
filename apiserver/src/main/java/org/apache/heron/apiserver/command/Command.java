package org.apache.heron.apiserver.command;

import java.util.Map;
import org.apache.heron.client.progress.Progress;

/** What a request asks for. */
public interface Command {
  /** Kinds of commands; each has threads of its own, so that none waits for another kind. */
  enum Kind {
    /** Begins something, and is taken back if nobody waits for it any more. */
    SUBMIT,
    /** Changes something, and is carried out once it is accepted. */
    CHANGE,
    /** Only asks. */
    QUESTION,
    /** Sends a file. */
    DOWNLOAD
  }

  /**
   * An answer.
   *
   * @param status HTTP's code
   * @param body written as JSON
   */
  record Answer(int status, Object body, Map<String, String> headers) {
    /** 200 with that body. */
    public static Answer ok(Object body) {
      return new Answer(200, body, Map.of());
    }

    /** 200 with a message. */
    public static Answer message(String text) {
      return ok(Map.of("message", text));
    }

    /** 200 with the text that is the command's result. */
    public static Answer response(String text) {
      return ok(Map.of("response", text));
    }
  }

  /**
   * Carries it out; may take long.
   *
   * @throws InterruptedException if nobody waits for it any more, or the server ends
   * @throws Exception anything else is answered with its message
   */
  Answer run(Progress progress) throws Exception;

  /** The status of a failure with that message. */
  default int statusOf(String message) {
    return 500;
  }

  /** Called once, when it is over or was never begun. */
  default void close() {}
}
