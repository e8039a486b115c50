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
    return Optional.of(new Known(local.optionalString("test.back.end.fails").orElse("")));
  }

  @Override
  public void cleanUp() {
    CLEANED.add(initialized);
  }

  @Override
  public void close() {}

  /**
   * What is known of what runs.
   *
   * @param broken if it is {@code check}, {@code life} or {@code fetch}, that comes upon a value
   *     that is none
   */
  private record Known(String broken) implements BackEnd {
    private void maybeFail(String asked) {
      if (broken.equals(asked)) {
        throw new ConfigException("test.attempts is 'many', which is no number");
      }
    }

    @Override
    public void check(Consumer<Finding> findings) {
      maybeFail("check");
      findings.accept(Finding.ok("master", "there"));
    }

    @Override
    public void fetchCore(Consumer<Finding> findings) {
      maybeFail("fetch");
      findings.accept(Finding.ok("fetch", "fetched"));
    }

    @Override
    public Life life(String topology) {
      maybeFail("life");
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
