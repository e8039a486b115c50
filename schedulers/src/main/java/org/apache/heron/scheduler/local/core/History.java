package org.apache.heron.scheduler.local.core;

import java.util.ArrayList;
import java.util.List;

/**
 * The latest that has happened to a container. Immutable.
 *
 * @param happenings oldest first, at most {@value #LONGEST}
 * @param forgotten how many earlier ones are no longer kept
 */
public record History(List<Happening> happenings, long forgotten) {
  private static final int LONGEST = 16;

  /** Nothing has happened. */
  public static final History NONE = new History(List.of(), 0);

  public History {
    happenings = List.copyOf(happenings);
  }

  History with(Happening happening) {
    List<Happening> longer = new ArrayList<>(happenings);
    longer.add(happening);
    int over = Math.max(0, longer.size() - LONGEST);
    return new History(longer.subList(over, longer.size()), forgotten + over);
  }
}
