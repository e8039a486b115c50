package org.apache.heron.client.doctor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.heron.client.plugin.Plugins;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.SchedulerProbe;
import org.apache.heron.spi.statemgr.IStateManager;
import org.apache.heron.spi.statemgr.StateException;

/** Whether shared state is there, has its directories, and takes writes. */
final class StateCheck {
  private static final String CHECK = "state";
  private static final String LOCAL_MODE = "LOCALMODE";
  private static final String TREE_KEY = "heron.statemgr.zookeeper.is.initialize.tree";
  private static final String LOCAL_TREE_KEY = "heron.statemgr.localfs.is.initialize.file.tree";
  private static final String LIMIT_KEY = "heron.statemgr.zookeeper.connection.timeout.ms";
  private static final String TUNNEL_KEY = "heron.statemgr.is.tunnel.needed";
  private static final String TUNNEL_HOST_KEY = "heron.statemgr.tunnel.host";
  private static final long MOST_MILLIS = 10_000;
  private static final int ZOOKEEPER_PORT = 2181;

  private final Config local;
  private final Consumer<Finding> findings;

  StateCheck(Config local, Consumer<Finding> findings) {
    this.local = local;
    this.findings = findings;
  }

  /** Connects; empty if that fails. */
  Optional<IStateManager> open(Plugins plugins) {
    servers();
    IStateManager state = null;
    boolean open = false;
    try {
      state = plugins.stateManager(local);
      state.initialize(
          local
              .with(TREE_KEY, false)
              .with(LOCAL_TREE_KEY, false)
              .with(LIMIT_KEY, Math.min(MOST_MILLIS, local.number(LIMIT_KEY, MOST_MILLIS))));
      directories(state);
      open = true;
      return Optional.of(state);
    } catch (StateException | ConfigException e) {
      findings.accept(Finding.failed(CHECK, e.getMessage(), remedy()));
      return Optional.empty();
    } finally {
      if (!open && state != null) {
        state.close();
      }
    }
  }

  private String remedy() {
    if (!isLocal() && local.bool(TUNNEL_KEY, false)) {
      return "see that ssh "
          + local.optionalString(TUNNEL_HOST_KEY).orElse("")
          + " gets there without asking anything, or correct "
          + TUNNEL_HOST_KEY
          + " or "
          + Key.STATEMGR_CONNECTION_STRING.text();
    }
    return isLocal()
        ? "correct "
            + Key.STATEMGR_ROOT_PATH.text()
            + " (from "
            + local.sourceOf(Key.STATEMGR_ROOT_PATH)
            + ")"
        : "start ZooKeeper, or correct "
            + Key.STATEMGR_CONNECTION_STRING.text()
            + " (from "
            + local.sourceOf(Key.STATEMGR_CONNECTION_STRING)
            + ")";
  }

  private boolean isLocal() {
    String servers = local.optionalString(Key.STATEMGR_CONNECTION_STRING).orElse("");
    return servers.isBlank() || servers.equals(LOCAL_MODE);
  }

  /** One by one: a client is content with any that answers. */
  private void servers() {
    if (isLocal() || local.bool(TUNNEL_KEY, false)) {
      return;
    }
    String servers = local.string(Key.STATEMGR_CONNECTION_STRING).replaceAll("\\s+|/.*", "");
    for (String server : servers.split(",")) {
      int colon = server.lastIndexOf(':');
      String host = colon < 0 ? server : server.substring(0, colon);
      String port = colon < 0 ? String.valueOf(ZOOKEEPER_PORT) : server.substring(colon + 1);
      if (!port.matches("\\d{1,5}") || !SchedulerProbe.answers(host, Integer.parseInt(port))) {
        findings.accept(Finding.warning("zookeeper", server + " takes no connections", remedy()));
      }
    }
  }

  private void directories(IStateManager state) {
    String root = local.string(Key.STATEMGR_ROOT_PATH);
    List<String> missing = state.missingDirectories();
    if (missing.isEmpty()) {
      findings.accept(Finding.ok(CHECK, "reached, with all directories below " + root));
      writes(state);
      return;
    }
    boolean created = local.bool(isLocal() ? LOCAL_TREE_KEY : TREE_KEY, true);
    findings.accept(
        created
            ? Finding.ok(
                CHECK,
                "reached; the first submit creates "
                    + missing.size()
                    + " directories below "
                    + root)
            : Finding.failed(
                CHECK,
                "reached, but there is no " + String.join(", no ", missing),
                "create them, or set " + (isLocal() ? LOCAL_TREE_KEY : TREE_KEY) + ": True"));
  }

  /** By a lock, which leaves nothing behind. */
  private void writes(IStateManager state) {
    String name = "heron-doctor-" + UUID.randomUUID();
    try {
      Optional<IStateManager.Lock> lock = state.lock(name, "doctor", Duration.ofSeconds(5));
      lock.ifPresent(IStateManager.Lock::close);
      state.deleteLocks(name);
      findings.accept(
          lock.isPresent()
              ? Finding.ok(CHECK, "takes writes")
              : Finding.warning(
                  CHECK,
                  "a lock could not be had within 5 s",
                  "see whether ZooKeeper is overloaded"));
    } catch (StateException e) {
      findings.accept(
          Finding.failed(CHECK, e.getMessage(), "let this user write below the root; see its ACL"));
    }
  }
}
