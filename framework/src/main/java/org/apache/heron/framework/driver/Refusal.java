package org.apache.heron.framework.driver;

import java.net.http.HttpResponse;
import java.util.Optional;

/** What to do when a master answers SUBSCRIBE with anything but 200. Pure. */
final class Refusal {
  private Refusal() {}

  static Ending judge(Endpoint master, DriverOptions options, HttpResponse<?> answer, String text) {
    int status = answer.statusCode();
    String reason = status + (text.isEmpty() ? "" : ": " + text);
    return switch (status) {
      case 301, 302, 307, 308 -> redirect(master, answer.headers().firstValue("Location"));
      case 401, 403 -> new Ending.Unauthorized(unauthorized(master, options, reason));
      // 404: a master whose routes are not set up yet; 408, 429, 5xx: it may serve later.
      case 404, 408, 429 -> new Ending.Lost(notServing(master, reason));
      default ->
          status >= 500
              ? new Ending.Lost(notServing(master, reason))
              : new Ending.Refused(
                  "the Mesos master at " + master + " refuses the subscription: " + reason);
    };
  }

  private static Ending redirect(Endpoint master, Optional<String> location) {
    Optional<Endpoint> target = location.flatMap(master::redirectedTo);
    if (target.isPresent() && master.tls() && !target.get().tls()) {
      // Else whoever answers in a master's place could have the secret sent in the clear.
      return new Ending.Lost(
          "the Mesos master at "
              + master
              + " redirects from https to '"
              + location.get()
              + "', which is not followed");
    }
    return target
        .<Ending>map(Ending.Moved::new)
        .orElseGet(
            () ->
                new Ending.Lost(
                    "the Mesos master at "
                        + master
                        + " does not lead and redirects to '"
                        + location.orElse("")
                        + "', which names no master"));
  }

  private static String notServing(Endpoint master, String reason) {
    return "the Mesos master at "
        + master
        + " ("
        + MasterUri.KEY
        + ") does not serve subscriptions: "
        + reason;
  }

  private static String unauthorized(Endpoint master, DriverOptions options, String reason) {
    return options
        .credential()
        .map(
            credential ->
                "the Mesos master at "
                    + master
                    + " does not accept principal '"
                    + credential.principal()
                    + "' with the secret in "
                    + credential.secretFile()
                    + " ("
                    + Credential.PRINCIPAL_KEY
                    + ", "
                    + Credential.SECRET_FILE_KEY
                    + "): "
                    + reason)
        .orElseGet(
            () ->
                "the Mesos master at "
                    + master
                    + " wants credentials: set "
                    + Credential.PRINCIPAL_KEY
                    + " and "
                    + Credential.SECRET_FILE_KEY
                    + " ("
                    + reason
                    + ")");
  }
}
