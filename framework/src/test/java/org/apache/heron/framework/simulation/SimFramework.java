package org.apache.heron.framework.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.scheduler.Protos.Event;

/** What a master knows of a framework. */
final class SimFramework {
  final String id;
  final Map<String, Known> tasks = new LinkedHashMap<>();
  final Map<String, Known> unreachable = new LinkedHashMap<>();
  final Map<String, Offered> offers = new LinkedHashMap<>();
  final Map<String, Filter> filters = new LinkedHashMap<>();
  FrameworkInfo info;
  Optional<Wire.Stream> stream = Optional.empty();
  boolean suppressed;
  Agenda.Entry failover;

  /** A task as the master knows it. */
  static final class Known {
    final Copy copy;
    TaskState state;

    /** The state that the agent is told to have come to last, for the acknowledgement. */
    Optional<TaskStatus> last = Optional.empty();

    Known(Copy copy, TaskState state) {
      this.copy = copy;
      this.state = state;
    }

    boolean holdsResources() {
      return !Copy.isTerminal(state);
    }
  }

  /** An offer that was made and not answered. */
  record Offered(String id, SimAgent agent, Holding holding, long since) {}

  /** What was refused, until when. */
  record Filter(Holding holding, long until) {}

  SimFramework(String id, FrameworkInfo info) {
    this.id = id;
    this.info = info;
  }

  boolean isConnected() {
    return stream.isPresent();
  }

  void send(Event event) {
    stream.ifPresent(current -> current.send(event));
  }

  void stopFailover() {
    if (failover != null) {
      failover.cancel();
      failover = null;
    }
  }
}
