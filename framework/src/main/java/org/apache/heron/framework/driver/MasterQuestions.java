package org.apache.heron.framework.driver;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.mesos.v1.master.Protos.Call;
import org.apache.mesos.v1.master.Protos.Response;

/**
 * Questions to the master that leads, by the v1 operator API: what it is and what it knows. Each
 * blocks for a bounded time. Thread-safe.
 */
public final class MasterQuestions implements AutoCloseable {
  private static final int MOST_REDIRECTS = 5;
  private static final Duration DETECTION = Duration.ofSeconds(15);

  private final DriverOptions options;
  private final Transport transport;
  private final MasterDetector detector;
  private final Semaphore detected = new Semaphore(0);

  /**
   * An answer.
   *
   * @param master who answered
   * @param date the header, if there was one
   * @param sent when the question went out, by this host's clock
   */
  public record Answer(
      Response response, Endpoint master, Optional<String> date, Instant sent, Instant received) {}

  /** There is no answer; the message says why, for people. */
  public static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean unauthorized;

    Unanswered(String message, boolean unauthorized) {
      super(message);
      this.unauthorized = unauthorized;
    }

    /** True if a master is there, and does not let us ask. */
    public boolean unauthorized() {
      return unauthorized;
    }
  }

  /**
   * Nothing is asked yet.
   *
   * @throws IllegalArgumentException if the CA file cannot be read; the message names it
   */
  public MasterQuestions(DriverOptions options) {
    this.options = options;
    this.transport = new Transport(options);
    this.detector =
        options.masters() instanceof MasterUri.ZooKeeper zooKeeper
            ? new ZooKeeperMasters(
                zooKeeper, options.caFile().isPresent(), options.connectLimit(), detected::release)
            : new NamedMasters((MasterUri.Named) options.masters());
  }

  /** Asks the master that leads; others redirect to it. */
  public Answer ask(Call.Type type) throws Unanswered, InterruptedException {
    String why = "";
    for (Endpoint candidate : candidates()) {
      try {
        // Java's client does not say that a connection was refused.
        transport.probe(candidate);
        return ask(candidate, question(type));
      } catch (IOException e) {
        why +=
            (why.isEmpty() ? "" : "; ")
                + "the Mesos master at "
                + candidate
                + " does not answer: "
                + transport.reason(e);
      }
    }
    throw new Unanswered(why.isEmpty() ? detector.problem() : why, false);
  }

  // The only one of those asked here that masters refuse without its (empty) details.
  private static Call question(Call.Type type) {
    Call.Builder call = Call.newBuilder().setType(type);
    if (type == Call.Type.GET_METRICS) {
      call.setGetMetrics(Call.GetMetrics.getDefaultInstance());
    }
    return call.build();
  }

  private List<Endpoint> candidates() throws InterruptedException {
    long end = System.nanoTime() + DETECTION.toNanos();
    while (detector.candidates().isEmpty() && end - System.nanoTime() > 0) {
      if (!detected.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        break;
      }
    }
    return detector.candidates();
  }

  private Answer ask(Endpoint first, Call call)
      throws IOException, Unanswered, InterruptedException {
    Endpoint master = first;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      Instant sent = Instant.now();
      HttpResponse<byte[]> answer = transport.ask(master, call);
      Instant received = Instant.now();
      int status = answer.statusCode();
      if (status == 200) {
        return new Answer(
            parse(master, answer.body()),
            master,
            answer.headers().firstValue("Date"),
            sent,
            received);
      }
      String text = line(answer.body());
      Ending ending = Refusal.judge(master, options, answer, text);
      if (ending instanceof Ending.Moved moved) {
        master = moved.target();
      } else if (ending instanceof Ending.Unauthorized unauthorized) {
        throw new Unanswered(unauthorized.message(), true);
      } else {
        throw new Unanswered(
            "the Mesos master at "
                + master
                + " answers "
                + call.getType()
                + " with "
                + status
                + (text.isEmpty() ? "" : ": " + text),
            false);
      }
    }
    throw new Unanswered("the masters redirect to each other; the last was " + master, false);
  }

  private static Response parse(Endpoint master, byte[] body) throws Unanswered {
    try {
      return Response.parseFrom(body);
    } catch (InvalidProtocolBufferException e) {
      throw new Unanswered(
          "what answers at " + master + " is no Mesos master: " + e.getMessage(), false);
    }
  }

  private static String line(byte[] body) {
    String text =
        new String(body, 0, Math.min(body.length, 300), StandardCharsets.UTF_8)
            .replaceAll("\\p{Cntrl}+", " ");
    return text.strip();
  }

  @Override
  public void close() {
    detector.close();
    transport.close();
  }
}
