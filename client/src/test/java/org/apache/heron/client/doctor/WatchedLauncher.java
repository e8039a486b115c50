package org.apache.heron.client.doctor;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.heron.spi.config.Config;
import org.apache.heron.spi.config.ConfigException;
import org.apache.heron.spi.config.Key;
import org.apache.heron.spi.diagnosis.BackEnd;
import org.apache.heron.spi.diagnosis.Finding;
import org.apache.heron.spi.diagnosis.Life;
import org.apache.heron.spi.packing.PackingPlan;
import org.apache.heron.spi.scheduler.ILauncher;
import org.apache.heron.spi.scheduler.LaunchContext;

/** A launcher whose back end knows what a test has told it. */
public final class WatchedLauncher implements ILauncher {
  static final Map<String, Life> LIVES = new ConcurrentHashMap<>();
  static final Set<String> RECORDS = ConcurrentHashMap.newKeySet();

  /** Role and topology whose directory on this host was removed. */
  static final Set<String> CLEANED = ConcurrentHashMap.newKeySet();

  private String initialized = "";

  /** For reflection. */
  public WatchedLauncher() {}

  @Override
  public void initialize(LaunchContext context) {
    initialized = context.local().string(Key.ROLE) + "/" + context.topology().getName();
  }

  @Override
  public void launch(PackingPlan plan) {
    throw new AssertionError("doctor launches nothing");
  }

  @Override
  public Optional<BackEnd> backEnd(Config local, Config cluster) {
    if (local.bool("test.back.end.misconfigured", false)) {
      throw new ConfigException("test.master is not set");
    }
    return Optional.of(new Known());
  }

  @Override
  public void cleanUp() {
    CLEANED.add(initialized);
  }

  @Override
  public void close() {}

  private static final class Known implements BackEnd {
    @Override
    public void check(Consumer<Finding> findings) {
      findings.accept(Finding.ok("master", "there"));
    }

    @Override
    public Life life(String topology) {
      return LIVES.getOrDefault(topology, Life.gone("nothing runs"));
    }

    @Override
    public Set<String> recorded() {
      return Set.copyOf(RECORDS);
    }

    @Override
    public void forget(String topology) {
      RECORDS.remove(topology);
    }

    @Override
    public void close() {}
  }
}
