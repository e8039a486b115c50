package org.apache.heron.apiserver.rest;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.heron.client.ClientException;
import org.apache.heron.client.progress.Progress;
import org.apache.heron.client.settings.Installation;
import org.apache.heron.client.settings.Settings;
import org.apache.heron.client.settings.TopologyTarget;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigProperties;
import org.apache.heron.web.HttpError;

/**
 * The one cluster that is served, and its configuration: read anew for each request, so that a
 * changed file counts at once.
 *
 * @param installation whose only configuration directory is the cluster's
 * @param base values of {@code -D}, which win over the files; those of a request win over them
 */
public record ServedCluster(
    String name, Installation installation, Map<String, Object> base, boolean verbose) {
  /** A scheduler in the foreground would keep its request, and the thread that answers it. */
  private static final String BACKGROUND_KEY = "heron.scheduler.background";

  public ServedCluster {
    base = Map.copyOf(base);
  }

  /**
   * Who and where, of a request.
   *
   * @throws HttpError 422 if the cluster is another, or a part cannot be a name
   */
  TopologyTarget target(String cluster, String role, String environment, String user) {
    if (!cluster.equalsIgnoreCase(name)) {
      throw new HttpError(422, "Unknown cluster " + cluster + " expecting '" + name + "'");
    }
    try {
      return TopologyTarget.of(name, role, environment, user);
    } catch (ClientException e) {
      throw new HttpError(422, e.getMessage());
    }
  }

  /**
   * The configuration for a request.
   *
   * @param overrides as text, by key
   * @throws HttpError 422 if one is not the request's to set
   */
  Settings settings(
      TopologyTarget target,
      Map<String, String> overrides,
      boolean verboseRequest,
      boolean verboseGc,
      Progress progress) {
    Map<String, Object> properties = new HashMap<>(base);
    overrides.forEach(
        (key, value) -> {
          requireFree(key);
          properties.put(key, ConfigProperties.typed(value));
        });
    return Settings.load(
        installation,
        target,
        new Settings.Switches(properties, verbose || verboseRequest, verboseGc),
        progress);
  }

  /** Without overrides, for what the server does of itself. */
  public Settings settings(TopologyTarget target) {
    return settings(target, Map.of(), false, false, Progress.NONE);
  }

  /** The server itself, for what concerns no topology in particular. */
  public TopologyTarget anyone() {
    String user = System.getProperty("user.name");
    return new TopologyTarget(name, user, "default", user);
  }

  /**
   * Looks whether an API server can work with the configuration.
   *
   * @throws ClientException if not
   */
  public void check() {
    Config local = settings(anyone()).local();
    if (!local.bool(BACKGROUND_KEY, true)) {
      throw new ClientException(
          BACKGROUND_KEY
              + " is false (from "
              + local.sourceOf(BACKGROUND_KEY)
              + "), but the schedulers of an API server run in the background");
    }
  }

  /** The server's own paths; wrong ones would let a request read or write what is not its. */
  private static void requireFree(String key) {
    boolean own =
        key.equals(BACKGROUND_KEY)
            || key.startsWith("heron.apiserver.")
            || key.startsWith("heron.config.file.")
            || (key.startsWith("heron.directory.")
                && !key.startsWith("heron.directory.cluster.")
                && !key.startsWith("heron.directory.sandbox."));
    if (own) {
      throw new HttpError(
          422, key + " is the API server's own; it cannot be set by a request (-D sets it)");
    }
  }

  /** What is installed: every key that says so, sorted. */
  Map<String, String> release() {
    Config raw = settings(anyone()).raw();
    Map<String, String> release = new TreeMap<>();
    raw.asMap()
        .forEach(
            (key, value) -> {
              if (key.contains("heron.build.")) {
                release.put(key, String.valueOf(value));
              }
            });
    return release;
  }
}
