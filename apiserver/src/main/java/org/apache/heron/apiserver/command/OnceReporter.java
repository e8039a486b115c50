package org.apache.heron.apiserver.command;

import org.apache.heron.client.progress.Progress;
import org.apache.heron.web.WebResponse;

/** Gives the answer only, as upstream's server does. */
record OnceReporter(WebResponse response) implements Reporter, Progress.Quiet {
  @Override
  public void end(Command.Answer answer) {
    response.status(answer.status());
    answer.headers().forEach(response::header);
    response.sendJson(answer.body());
  }

  @Override
  public void alive() {}

  @Override
  public void onGone(Runnable action) {
    response.onDisconnect(action);
  }
}
