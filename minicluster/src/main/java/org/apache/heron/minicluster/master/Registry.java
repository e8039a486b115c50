package org.apache.heron.minicluster.master;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.AgentID;

/**
 * What masters remember of agents beyond the life of one master: Mesos' replicated log. A master
 * that begins to lead with it says nothing of tasks on agents that have not come back to it yet,
 * where one without it takes them for unknown. Thread-safe.
 */
public final class Registry {
  private final Duration agentReregisterTimeout;
  private final Optional<RegistryFile> file;
  private final RegistryFile.Contents contents;

  /**
   * An empty one, in memory: it outlives masters, not their process.
   *
   * @param agentReregisterTimeout how long a new leader waits for an agent of the one before, until
   *     it takes it for unreachable; ten minutes in Mesos
   */
  public Registry(Duration agentReregisterTimeout) {
    this.agentReregisterTimeout = agentReregisterTimeout;
    this.file = Optional.empty();
    this.contents = new RegistryFile.Contents();
  }

  private Registry(Duration agentReregisterTimeout, RegistryFile file) throws IOException {
    this.agentReregisterTimeout = agentReregisterTimeout;
    this.file = Optional.of(file);
    this.contents = file.read();
  }

  /**
   * The one that is in a file, or begins there. One master at a time may use it.
   *
   * @param path of the file; its directory must be there
   * @param agentReregisterTimeout as in {@link #Registry(Duration)}
   * @throws IOException if the file cannot be read; the message names it
   */
  public static Registry onDisk(Path path, Duration agentReregisterTimeout) throws IOException {
    return new Registry(agentReregisterTimeout, new RegistryFile(path));
  }

  Duration agentReregisterTimeout() {
    return agentReregisterTimeout;
  }

  /** Before anybody is told: who has been told that an agent is registered may rely on it. */
  private void save() {
    file.ifPresent(disk -> disk.write(contents));
  }

  synchronized void admit(AgentID id) {
    boolean away = contents.unreachable().remove(id) != null;
    if (contents.admitted().add(id) || away) {
      save();
    }
  }

  synchronized void unreachable(AgentID id, long sinceNanoseconds) {
    contents.admitted().remove(id);
    contents.unreachable().put(id, sinceNanoseconds);
    save();
  }

  synchronized void gone(AgentID id, Instant when) {
    contents.admitted().remove(id);
    contents.unreachable().remove(id);
    contents.gone().put(id, when);
    save();
  }

  synchronized void remove(AgentID id) {
    boolean known = contents.admitted().remove(id);
    if (contents.unreachable().remove(id) != null || known) {
      save();
    }
  }

  synchronized Set<AgentID> admitted() {
    return Set.copyOf(contents.admitted());
  }

  synchronized Map<AgentID, Long> unreachable() {
    return new LinkedHashMap<>(contents.unreachable());
  }

  synchronized Map<AgentID, Instant> gone() {
    return new LinkedHashMap<>(contents.gone());
  }
}
