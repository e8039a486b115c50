package org.apache.heron.client.doctor;

import java.util.ArrayList;
import java.util.List;
import org.apache.heron.spi.diagnosis.Finding;

/**
 * All that was found; immutable.
 *
 * @param entries in the order in which they were found
 * @param dead topologies of which something is left, and nothing runs
 */
public record Checkup(List<Entry> entries, List<DeadTopology> dead) {

  /** A finding and what it is about. */
  public record Entry(String section, Finding finding) {}

  public Checkup {
    entries = List.copyOf(entries);
    dead = List.copyOf(dead);
  }

  /** How many findings are of that kind. */
  public long count(Finding.Verdict verdict) {
    return entries.stream().filter(entry -> entry.finding().verdict() == verdict).count();
  }

  /** True if nothing failed. */
  public boolean healthy() {
    return healthy(List.of());
  }

  /**
   * True if nothing fails any more: what was removed is no failure, what could not be removed is
   * one.
   *
   * @param repairs what became of {@link #dead}, in its order; empty if nothing was tried
   */
  public boolean healthy(List<Finding> repairs) {
    long failures = count(Finding.Verdict.FAILED);
    for (int i = 0; i < repairs.size(); i++) {
      Finding.Verdict verdict = repairs.get(i).verdict();
      boolean removed = verdict == Finding.Verdict.OK || verdict == Finding.Verdict.WARNING;
      failures -= removed && !dead.get(i).harmless() ? 1 : 0;
      failures += verdict == Finding.Verdict.FAILED && dead.get(i).harmless() ? 1 : 0;
    }
    return failures == 0;
  }

  /** Collects while it tells. */
  static final class Collector implements Listener {
    private final Listener told;
    private final List<Entry> entries = new ArrayList<>();
    private String section = "";

    Collector(Listener told) {
      this.told = told;
    }

    @Override
    public void section(String title) {
      section = title;
      told.section(title);
    }

    @Override
    public void found(Finding finding) {
      entries.add(new Entry(section, finding));
      told.found(finding);
    }

    Checkup result(List<DeadTopology> dead) {
      return new Checkup(entries, dead);
    }
  }
}
