package org.apache.heron.framework.core;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.heron.framework.history.History;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.identity.OfferId;
import org.apache.heron.framework.placement.Offered;
import org.apache.heron.framework.placement.Refusal;

/**
 * All that the framework knows. Immutable; what must survive the process is also on record.
 *
 * @param frameworkId Mesos' id of us, empty until it was given once
 * @param principal as which the framework subscribed last, empty if as none; absent if not known
 * @param master who leads, as host:port; empty while not subscribed
 * @param problem why it cannot go on, or what hinders it; empty if nothing does
 * @param held offers that are being gathered, by id, in the order of their arrival
 * @param refusals why each waiting container did not fit the last offers
 * @param reconciliation what was asked of Mesos and not answered
 * @param demand what Mesos knows of our wish for offers
 * @param revived when the last REVIVE was sent
 * @param killDeadline when a kill stops to wait for each task
 * @param tenure how certain it is that this process leads
 * @param pending who waits for what, in the order of their commands
 * @param renewal copies that are to be replaced on purpose
 * @param windows when agents of ours will be unavailable
 * @param penalties agents that failed us lately
 * @param trading what is remembered of the last offers
 * @param history what has happened to the framework as a whole
 */
public record State(
    Phase phase,
    Link link,
    Optional<String> frameworkId,
    Optional<String> principal,
    String master,
    String problem,
    Containers containers,
    Map<OfferId, Offered> held,
    Map<ContainerId, Refusal> refusals,
    Reconciliation reconciliation,
    Demand demand,
    Instant revived,
    Optional<Instant> killDeadline,
    Tenure tenure,
    Map<RequestId, Awaited> pending,
    Renewal renewal,
    Windows windows,
    Penalties penalties,
    Trading trading,
    History history) {

  /** The state of a framework that begins, or goes on from its records. */
  public static State restored(
      Phase phase,
      Optional<String> frameworkId,
      Optional<String> principal,
      Containers containers,
      History history) {
    return new State(
        phase,
        Link.DISCONNECTED,
        frameworkId,
        principal,
        "",
        "",
        containers,
        Map.of(),
        Map.of(),
        Reconciliation.DONE,
        Demand.OPEN,
        Instant.EPOCH,
        Optional.empty(),
        Tenure.HELD,
        Map.of(),
        Renewal.NONE,
        Windows.NONE,
        Penalties.NONE,
        Trading.restored(containers),
        history);
  }
}
