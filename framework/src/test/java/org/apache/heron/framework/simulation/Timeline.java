package org.apache.heron.framework.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** What happened in a history, for people; written only when someone will read it. */
final class Timeline {
  /** A history that goes wild is cut in its middle: beginning and end tell most. */
  private static final int LONGEST = 4_000;

  private final Agenda agenda;
  private final boolean kept;
  private final List<String> lines = new ArrayList<>();

  Timeline(Agenda agenda, boolean kept) {
    this.agenda = agenda;
    this.kept = kept;
  }

  void add(String who, Supplier<String> what) {
    if (kept) {
      lines.add(String.format(Locale.ROOT, "%s  %-12s %s", clock(agenda.now()), who, what.get()));
    }
  }

  static String clock(long millis) {
    return String.format(
        Locale.ROOT, "%02d:%02d.%03d", millis / 60_000, millis / 1_000 % 60, millis % 1_000);
  }

  List<String> lines() {
    if (lines.size() <= LONGEST) {
      return lines;
    }
    List<String> cut = new ArrayList<>(lines.subList(0, LONGEST / 4));
    cut.add("… " + (lines.size() - LONGEST) + " lines …");
    cut.addAll(lines.subList(lines.size() - LONGEST * 3 / 4, lines.size()));
    return cut;
  }
}
