package org.apache.heron.client.submission;

import java.util.Optional;
import org.apache.heron.client.ClientException;
import org.apache.heron.proto.api.TopologyAPI.Topology;
import org.apache.heron.proto.system.ExecutionEnvironment.ExecutionState;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateKind;

/**
 * One submission of a topology, as whoever takes it away knows it. Everything in shared state is
 * filed under the topology's name, and a newer submission may have the name by now: a submit makes
 * the definition first, so what is found without a newer definition is not the newer one's.
 *
 * @param id the submission's; empty if neither its definition nor its execution state was there
 */
public record Submission(IStateManager state, String topology, Optional<String> id) {

  /** The one that is on record now, or what is left of one. */
  public static Submission onRecord(IStateManager state, String topology) {
    Optional<String> id =
        state
            .get(StateKind.TOPOLOGY, topology)
            .map(Topology::getId)
            .or(
                () ->
                    state
                        .get(StateKind.EXECUTION_STATE, topology)
                        .map(ExecutionState::getTopologyId));
    return new Submission(state, topology, id);
  }

  /** True while its definition is there. */
  public boolean isDefined() {
    Optional<String> defined = definedId();
    return defined.isPresent() && defined.equals(id);
  }

  /**
   * Looks whether the name is still this submission's, or nobody's.
   *
   * @throws ClientException if another one has it
   */
  public void requireNoOther() {
    Optional<String> defined = definedId();
    if (defined.isPresent() && !defined.equals(id)) {
      throw new ClientException(
          "Topology '"
              + topology
              + "' is another submission's by now, "
              + defined.get()
              + ", of which nothing is touched");
    }
  }

  /**
   * Removes a node, if it is not another submission's.
   *
   * @throws ClientException if it is
   */
  public void delete(StateKind<?> kind) {
    requireNoOther();
    state.delete(kind, topology);
  }

  private Optional<String> definedId() {
    return state.get(StateKind.TOPOLOGY, topology).map(Topology::getId);
  }
}
