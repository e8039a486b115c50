package org.apache.heron.framework.driver;

import java.util.concurrent.CompletableFuture;
import org.apache.mesos.v1.scheduler.Protos.Call;

/** A call and what waits for its outcome. */
record PendingCall(Call call, CompletableFuture<CallOutcome> outcome) {
  void complete(CallOutcome value) {
    outcome.complete(value);
  }
}
