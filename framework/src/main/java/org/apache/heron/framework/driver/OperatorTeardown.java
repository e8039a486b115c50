package org.apache.heron.framework.driver;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.master.Protos.Call;

/**
 * Ends a framework as an operator does, by its id and without a subscription: for one that the
 * master does not let subscribe. Its tasks end with it. Thread-safe.
 */
public final class OperatorTeardown {
  private static final int FORBIDDEN = 403;
  private static final int LONGEST_TEXT = 300;

  private final DriverOptions options;

  /** One that calls the master that leads when it is used, as these options say. */
  public OperatorTeardown(DriverOptions options) {
    this.options = options;
  }

  /**
   * Has the framework ended. Blocks for a bounded time.
   *
   * @throws MasterQuestions.Unanswered if the master cannot be asked, or does not do it; the
   *     message says why
   */
  public void tearDown(String frameworkId) throws MasterQuestions.Unanswered, InterruptedException {
    Endpoint master;
    try (MasterQuestions questions = new MasterQuestions(options)) {
      // Follows redirects to the one that leads.
      master = questions.ask(Call.Type.GET_MASTER).master();
    }
    try (Transport transport = new Transport(options)) {
      check(master, transport, frameworkId);
    }
  }

  private void check(Endpoint master, Transport transport, String frameworkId)
      throws MasterQuestions.Unanswered, InterruptedException {
    HttpResponse<byte[]> answer;
    try {
      answer = transport.ask(master, teardown(frameworkId));
    } catch (IOException e) {
      throw new MasterQuestions.Unanswered(
          "the Mesos master at " + master + " does not answer: " + transport.reason(e), false);
    }
    if (answer.statusCode() / 100 == 2) {
      return;
    }
    String text = text(answer.body());
    if (answer.statusCode() == FORBIDDEN) {
      throw new MasterQuestions.Unanswered(
          "the Mesos master at "
              + master
              + " does not let "
              + options
                  .credential()
                  .map(credential -> "principal '" + credential.principal() + "'")
                  .orElse("who has no credentials")
              + " end framework "
              + frameworkId
              + " (its ACL teardown_frameworks)"
              + (text.isEmpty() ? "" : ": " + text),
          true);
    }
    if (Refusal.judge(master, options, answer, text) instanceof Ending.Unauthorized unauthorized) {
      throw new MasterQuestions.Unanswered(unauthorized.message(), true);
    }
    throw new MasterQuestions.Unanswered(
        "the Mesos master at "
            + master
            + " answers TEARDOWN of framework "
            + frameworkId
            + " with "
            + answer.statusCode()
            + (text.isEmpty() ? "" : ": " + text),
        false);
  }

  private static Call teardown(String frameworkId) {
    return Call.newBuilder()
        .setType(Call.Type.TEARDOWN)
        .setTeardown(
            Call.Teardown.newBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue(frameworkId)))
        .build();
  }

  private static String text(byte[] body) {
    return new String(body, 0, Math.min(body.length, LONGEST_TEXT), StandardCharsets.UTF_8)
        .replaceAll("\\p{Cntrl}+", " ")
        .strip();
  }
}
