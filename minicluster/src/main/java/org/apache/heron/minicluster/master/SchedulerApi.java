package org.apache.heron.minicluster.master;

import java.util.Optional;
import java.util.UUID;
import org.apache.heron.web.HttpError;
import org.apache.heron.web.RequestHandler;
import org.apache.heron.web.WebRequest;
import org.apache.heron.web.WebResponse;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** {@code POST /api/v1/scheduler}: judges a request as the recorded master does, in its order. */
final class SchedulerApi implements RequestHandler {
  private static final String STREAM_ID = "Mesos-Stream-Id";

  private final MasterLoop loop;
  private final ClusterState state;
  private final Optional<Credentials> credentials;
  private final FrameworkLife frameworks;
  private final SchedulerCalls calls;
  private final Faults faults;
  private final CallCounts counts;

  SchedulerApi(
      MasterLoop loop,
      ClusterState state,
      Optional<Credentials> credentials,
      FrameworkLife frameworks,
      SchedulerCalls calls,
      Faults faults,
      CallCounts counts) {
    this.loop = loop;
    this.state = state;
    this.credentials = credentials;
    this.frameworks = frameworks;
    this.calls = calls;
    this.faults = faults;
    this.counts = counts;
  }

  @Override
  public void handle(WebRequest request, WebResponse response) throws Exception {
    Optional<String> principal = credentials.map(known -> known.authenticate(request));
    MediaType media = MediaType.ofBody(request);
    Call call = media.read(request, Call.newBuilder()).build();
    Optional<String> refusal = CallValidation.refusal(call, principal);
    if (refusal.isPresent()) {
      throw new HttpError(400, "Failed to validate scheduler::Call: " + refusal.get());
    }
    if (!faults.delay().isZero()) {
      loop.pause(faults.delay());
    }
    if (faults.refuses(call)) {
      throw new HttpError(503, "the master is told to refuse this call");
    }
    counts.count(call.getType());
    if (call.getType() == Call.Type.SUBSCRIBE) {
      subscribe(request, attributed(call.getSubscribe(), principal), response);
      return;
    }
    int status = loop.call(() -> carryOut(request, call, principal));
    response.status(status).sendEmpty();
  }

  /** Who authenticates and names no principal gets the authenticated one, for life. */
  private static Call.Subscribe attributed(Call.Subscribe call, Optional<String> principal) {
    Call.Subscribe.Builder complete = call.toBuilder();
    if (principal.isPresent() && !call.getFrameworkInfo().hasPrincipal()) {
      complete.getFrameworkInfoBuilder().setPrincipal(principal.get());
    }
    return complete.build();
  }

  private void subscribe(WebRequest request, Call.Subscribe call, WebResponse response) {
    if (request.header(STREAM_ID).isPresent()) {
      throw new HttpError(400, "Subscribe calls should not include the '" + STREAM_ID + "' header");
    }
    MediaType media = MediaType.ofAnswer(request);
    String id = UUID.randomUUID().toString();
    response.header(STREAM_ID, id);
    EventStream stream = new EventStream(id, media, response.stream(media.text()), faults);
    loop.execute(() -> frameworks.subscribe(call, stream));
  }

  private int carryOut(WebRequest request, Call call, Optional<String> principal) {
    Framework framework =
        state
            .framework(call.getFrameworkId())
            .orElseThrow(() -> new HttpError(400, "Framework cannot be found"));
    principal
        .filter(name -> !name.equals(framework.info().getPrincipal()))
        .ifPresent(
            name -> {
              throw new HttpError(
                  400,
                  "Authenticated principal '%s' does not match principal '%s' set in `FrameworkInfo`"
                      .formatted(name, framework.info().getPrincipal()));
            });
    EventStream stream =
        framework.stream().orElseThrow(() -> new HttpError(403, "Framework is not subscribed"));
    String streamId =
        request
            .header(STREAM_ID)
            .orElseThrow(
                () ->
                    new HttpError(
                        400,
                        "All non-subscribe calls should include the '" + STREAM_ID + "' header"));
    if (!streamId.equals(stream.id())) {
      throw new HttpError(
          400,
          "The stream ID '%s' included in this request didn't match the stream ID currently associated with framework ID %s"
              .formatted(streamId, framework.id().getValue()));
    }
    return faults.loses(call) ? 202 : calls.carryOut(framework, call);
  }
}
