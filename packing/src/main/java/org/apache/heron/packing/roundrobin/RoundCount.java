package org.apache.heron.packing.roundrobin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.heron.packing.draft.PlanDraft;
import org.apache.heron.packing.limits.PackingLimits;
import org.apache.heron.spi.packing.Resource;

/**
 * Whether instances that go to the next container with room, round after round, all find one;
 * without dealing them one by one.
 *
 * <p>In a round each container with room gets one instance of the component. So it is known after
 * how many whole rounds a component ends, and containers next to each other that are equally full
 * stay so, but where the last round ends. They are kept as one run, in the order in which their
 * turn comes. Only for container ids without gaps: with gaps upstream's order is another.
 */
final class RoundCount {
  private final PackingLimits limits;
  private final List<Component> components;
  private final List<Run> existing = new ArrayList<>();
  private final int present;

  /** So many instances of that size. */
  record Component(Resource size, int count) {}

  /** Equally full containers whose turns follow each other. Without the padding. */
  private record Run(int length, double cpu, long ram, long disk) {
    boolean like(Run other) {
      return Double.compare(cpu, other.cpu) == 0 && ram == other.ram && disk == other.disk;
    }
  }

  /** A run, and how many of a component each of its containers takes. */
  private record Place(Run run, int room) {}

  /** A component's instances on their way. */
  private record Round(List<Place> places, Component component) {
    /** Instances that are placed after so many rounds. */
    long placedAfter(int rounds) {
      long placed = 0;
      for (Place place : places) {
        placed += (long) place.run().length() * Math.min(place.room(), rounds);
      }
      return placed;
    }

    /** The last place that still gets something in that round. */
    int lastServedIn(int rounds) {
      int last = places.size() - 1;
      while (places.get(last).room() < rounds) {
        last--;
      }
      return last;
    }

    /** The most rounds that place no more instances than there are, each placing some. */
    int wholeRounds() {
      int low = 0;
      int high = places.stream().mapToInt(Place::room).max().orElse(0);
      while (low < high) {
        int middle = low + (high - low + 1) / 2;
        if (placedAfter(middle) <= component.count()) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return low;
    }
  }

  RoundCount(PackingLimits limits, PlanDraft draft, List<Component> components) {
    this.limits = limits;
    this.components = components;
    this.present = draft.size();
    for (int position = 0; position < draft.size(); position++) {
      Resource used = draft.used(position);
      append(existing, new Run(1, used.cpu(), used.ram().bytes(), used.disk().bytes()));
    }
  }

  /** Below this number they cannot fit, in whatever order they are dealt. */
  int least() {
    Map<Resource, Integer> counts = new LinkedHashMap<>();
    components.forEach(
        component -> counts.merge(component.size(), component.count(), Math::addExact));
    long least = leastByVolume();
    for (Map.Entry<Resource, Integer> entry : counts.entrySet()) {
      Component component = new Component(entry.getKey(), entry.getValue());
      long missing = component.count();
      for (Run run : existing) {
        missing -= (long) run.length() * room(run, component);
      }
      if (missing > 0) {
        long each = room(new Run(1, 0, 0, 0), component);
        least = Math.max(least, present + (missing + each - 1) / each);
      }
    }
    return Math.toIntExact(least);
  }

  private long leastByVolume() {
    double cpuRoom = limits.capacity().cpu() - limits.padding().cpu();
    double ramRoom = (double) limits.capacity().ram().minus(limits.padding().ram()).bytes();
    double diskRoom = (double) limits.capacity().disk().minus(limits.padding().disk()).bytes();
    double cpu = 0;
    double ram = 0;
    double disk = 0;
    for (Component component : components) {
      cpu += component.size().cpu() * component.count();
      ram += (double) component.size().ram().bytes() * component.count();
      disk += (double) component.size().disk().bytes() * component.count();
    }
    for (Run run : existing) {
      cpu -= run.length() * Math.max(0, cpuRoom - run.cpu());
      ram -= run.length() * Math.max(0, ramRoom - (double) run.ram());
      disk -= run.length() * Math.max(0, diskRoom - (double) run.disk());
    }
    return present
        + Math.max(needed(cpu, cpuRoom), Math.max(needed(ram, ramRoom), needed(disk, diskRoom)));
  }

  /** Rounded down by more than the sums may have been rounded up. */
  private static long needed(double sum, double room) {
    return sum <= 0 ? 0 : (long) Math.floor(sum / room * (1 - 1e-6));
  }

  /** With so many containers in all. */
  boolean fits(int containers) {
    List<Run> runs = new ArrayList<>(existing);
    if (containers > present) {
      append(runs, new Run(containers - present, 0, 0, 0));
    }
    for (Component component : components) {
      runs = place(runs, component);
      if (runs.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** The runs afterwards, from the container whose turn is next; none if not all found room. */
  private List<Run> place(List<Run> runs, Component component) {
    List<Place> places = new ArrayList<>(runs.size());
    runs.forEach(run -> places.add(new Place(run, room(run, component))));
    Round round = new Round(places, component);
    if (round.placedAfter(component.count()) < component.count()) {
      return List.of();
    }
    return served(round, round.wholeRounds());
  }

  private static List<Run> served(Round round, int rounds) {
    Resource size = round.component().size();
    int left = (int) (round.component().count() - round.placedAfter(rounds));
    int end = left == 0 ? round.lastServedIn(rounds) : Integer.MAX_VALUE;
    List<Run> turnOver = new ArrayList<>();
    List<Run> turnAhead = new ArrayList<>();
    boolean ended = false;
    for (int i = 0; i < round.places().size(); i++) {
      Place place = round.places().get(i);
      Run run = place.run();
      int each = Math.min(place.room(), rounds);
      if (ended) {
        append(turnAhead, filled(run, run.length(), each, size));
      } else if (left > 0 && place.room() > rounds) {
        int served = Math.min(left, run.length());
        append(turnOver, filled(run, served, each + 1, size));
        if (served < run.length()) {
          append(turnAhead, filled(run, run.length() - served, each, size));
        }
        left -= served;
        ended = left == 0;
      } else {
        append(turnOver, filled(run, run.length(), each, size));
        ended = i == end;
      }
    }
    turnOver.forEach(run -> append(turnAhead, run));
    return turnAhead;
  }

  /** How many of the component the run's containers take each. */
  private int room(Run run, Component component) {
    Resource size = component.size();
    long ramRoom = limits.capacity().ram().minus(limits.padding().ram()).bytes();
    long diskRoom = limits.capacity().disk().minus(limits.padding().disk()).bytes();
    double cpu = run.cpu();
    long ram = run.ram();
    long disk = run.disk();
    int room = 0;
    while (room < component.count()
        && cpu + limits.padding().cpu() + size.cpu() <= limits.capacity().cpu()
        && ram <= ramRoom - size.ram().bytes()
        && disk <= diskRoom - size.disk().bytes()) {
      cpu += size.cpu();
      ram += size.ram().bytes();
      disk += size.disk().bytes();
      room++;
    }
    return room;
  }

  private static Run filled(Run run, int length, int count, Resource size) {
    double cpu = run.cpu();
    for (int i = 0; i < count; i++) {
      cpu += size.cpu();
    }
    return new Run(
        length,
        cpu,
        run.ram() + count * size.ram().bytes(),
        run.disk() + count * size.disk().bytes());
  }

  private static void append(List<Run> runs, Run run) {
    int last = runs.size() - 1;
    if (last >= 0 && runs.get(last).like(run)) {
      runs.set(
          last, new Run(runs.get(last).length() + run.length(), run.cpu(), run.ram(), run.disk()));
    } else {
      runs.add(run);
    }
  }
}
