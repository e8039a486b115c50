package org.apache.heron.apiserver.command;

import org.apache.heron.client.ErrorText;
import org.apache.heron.web.HttpError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One command from its acceptance to its answer. */
final class RunningCommand implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningCommand.class);

  private final String name;
  private final Command command;
  private final Reporter reporter;
  private Thread worker;
  private boolean given;
  private boolean over;

  /**
   * @param name for the log
   */
  RunningCommand(String name, Command command, Reporter reporter) {
    this.name = name;
    this.command = command;
    this.reporter = reporter;
  }

  Reporter reporter() {
    return reporter;
  }

  /** Takes it back: one that runs is interrupted, one that waits is never begun. */
  synchronized void cancel() {
    given = true;
    if (worker != null && !over) {
      LOG.info("{}: the caller has gone; it is taken back", name);
      worker.interrupt();
    }
  }

  @Override
  public void run() {
    Command.Answer answer = null;
    try {
      begin();
      answer = command.run(reporter);
    } catch (Throwable e) { // the edge of a request: nothing may pass
      answer = failure(e);
    } finally {
      end();
      command.close();
      reporter.end(answer);
    }
  }

  private synchronized void begin() throws InterruptedException {
    if (given) {
      throw new InterruptedException("cancelled");
    }
    worker = Thread.currentThread();
  }

  /** From here on an interrupt would hit the thread's next command. */
  private synchronized void end() {
    over = true;
    boolean late = Thread.interrupted();
    LOG.debug("{}: over{}", name, late ? ", as it was taken back" : "");
  }

  private Command.Answer failure(Throwable thrown) {
    if (thrown instanceof HttpError error) {
      return new Command.Answer(
          error.status(), java.util.Map.of("message", error.getMessage()), error.headers());
    }
    String message = ErrorText.of(thrown, "the API server's log shows where");
    if (thrown instanceof InterruptedException) {
      return new Command.Answer(503, java.util.Map.of("message", message), java.util.Map.of());
    }
    if (ErrorText.isForUsers(thrown)) {
      LOG.info("{}: {}", name, message);
      LOG.debug("{}", name, thrown);
    } else {
      LOG.warn("{}", name, thrown);
    }
    return new Command.Answer(
        command.statusOf(message), java.util.Map.of("message", message), java.util.Map.of());
  }
}
