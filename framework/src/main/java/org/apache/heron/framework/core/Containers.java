package org.apache.heron.framework.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.heron.framework.identity.ContainerId;
import org.apache.heron.framework.placement.Size;

/**
 * All containers of the topology, by id. Immutable; a change copies one block and the list of
 * blocks only, so that bursts of updates stay cheap with thousands of containers.
 */
public final class Containers implements Iterable<Container> {
  private static final int BLOCK = 64;

  private final int floor;
  private final int highest;
  private final int[] ids;
  private final Container[][] blocks;
  private final Map<Life, Integer> counts;

  /** Reckoned when first asked for; null before. Any thread may do so: all find the same. */
  private volatile Size least;

  private Containers(
      int floor, int highest, int[] ids, Container[][] blocks, Map<Life, Integer> counts) {
    this.floor = floor;
    this.highest = highest;
    this.ids = ids;
    this.blocks = blocks;
    this.counts = counts;
  }

  /** These containers, whose ids must differ, when none was ever forgotten. */
  public static Containers of(List<Container> containers) {
    return of(containers, 0);
  }

  /**
   * These containers, whose ids must differ.
   *
   * @param floor the highest attempt of a container that was forgotten; 0 if none was
   */
  public static Containers of(List<Container> containers, int floor) {
    List<Container> sorted = new ArrayList<>(containers);
    sorted.sort(Comparator.comparing(Container::id));
    int[] ids = sorted.stream().mapToInt(container -> container.id().value()).toArray();
    for (int i = 1; i < ids.length; i++) {
      if (ids[i] == ids[i - 1]) {
        throw new IllegalArgumentException("container " + ids[i] + " is there twice");
      }
    }
    Container[][] blocks = new Container[(ids.length + BLOCK - 1) / BLOCK][];
    for (int block = 0; block < blocks.length; block++) {
      int from = block * BLOCK;
      blocks[block] =
          sorted.subList(from, Math.min(from + BLOCK, ids.length)).toArray(new Container[0]);
    }
    Map<Life, Integer> counts = new EnumMap<>(Life.class);
    sorted.forEach(container -> counts.merge(container.life(), 1, Integer::sum));
    int highest = sorted.stream().mapToInt(Container::attempt).max().orElse(0);
    return new Containers(floor, Math.max(floor, highest), ids, blocks, counts);
  }

  /** How many. */
  public int size() {
    return ids.length;
  }

  /** How many are in that life. */
  public int count(Life life) {
    return counts.getOrDefault(life, 0);
  }

  /** The container of that id. */
  public Optional<Container> get(ContainerId id) {
    int index = Arrays.binarySearch(ids, id.value());
    return index < 0 ? Optional.empty() : Optional.of(blocks[index / BLOCK][index % BLOCK]);
  }

  /** These, with the container of that one's id replaced by it. */
  Containers with(Container container) {
    int index = Arrays.binarySearch(ids, container.id().value());
    if (index < 0) {
      throw new IllegalArgumentException("no container " + container.id());
    }
    Container[][] copy = blocks.clone();
    copy[index / BLOCK] = copy[index / BLOCK].clone();
    Map<Life, Integer> lives = new EnumMap<>(counts);
    Container before = copy[index / BLOCK][index % BLOCK];
    lives.merge(before.life(), -1, Integer::sum);
    lives.merge(container.life(), 1, Integer::sum);
    copy[index / BLOCK][index % BLOCK] = container;
    int attempt = Math.max(highest, container.attempt());
    Containers changed = new Containers(floor, attempt, ids, copy, lives);
    if (before.size().equals(container.size())) {
      changed.least = least;
    }
    return changed;
  }

  /**
   * The highest attempt of a container that was forgotten. A container that comes anew begins above
   * it, for its id may have been used before, and a task id must never be used twice.
   */
  public int floor() {
    return floor;
  }

  /**
   * The highest attempt of any container ever, forgotten or not. On record with the framework, so
   * that a container whose own record is lost begins above it, too.
   */
  public int highestAttempt() {
    return highest;
  }

  /** These, knowing that there was such an attempt, of whichever container. */
  Containers withAttemptSeen(int attempt) {
    return new Containers(
        Math.max(floor, attempt), Math.max(highest, attempt), ids, blocks, counts);
  }

  /** These and those, whose ids must be new. */
  Containers plus(List<Container> more) {
    List<Container> all = new ArrayList<>(more);
    forEach(all::add);
    return of(all, floor);
  }

  /** These without that one, which must be among them. */
  Containers without(Container forgotten) {
    int gone = Arrays.binarySearch(ids, forgotten.id().value());
    int[] rest = new int[ids.length - 1];
    System.arraycopy(ids, 0, rest, 0, gone);
    System.arraycopy(ids, gone + 1, rest, gone, rest.length - gone);
    Container[][] moved = Arrays.copyOf(blocks, (rest.length + BLOCK - 1) / BLOCK);
    for (int block = gone / BLOCK; block < moved.length; block++) {
      // All behind it move up by one place.
      int from = block * BLOCK;
      Container[] next = new Container[Math.min(BLOCK, rest.length - from)];
      for (int i = 0; i < next.length; i++) {
        int former = from + i < gone ? from + i : from + i + 1;
        next[i] = blocks[former / BLOCK][former % BLOCK];
      }
      moved[block] = next;
    }
    Map<Life, Integer> lives = new EnumMap<>(counts);
    lives.merge(blocks[gone / BLOCK][gone % BLOCK].life(), -1, Integer::sum);
    return new Containers(Math.max(floor, forgotten.attempt()), highest, rest, moved, lives);
  }

  /** The cpus and the memory that no container needs less of; nothing else. */
  Size least() {
    Size known = least;
    if (known == null) {
      known =
          new Size(
              stream().mapToLong(container -> container.size().milliCpus()).min().orElse(0),
              stream().mapToLong(container -> container.size().milliMem()).min().orElse(0),
              0,
              0);
      least = known;
    }
    return known;
  }

  /** All, by id. */
  public Stream<Container> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  @Override
  public Iterator<Container> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < ids.length;
      }

      @Override
      public Container next() {
        if (next >= ids.length) {
          throw new java.util.NoSuchElementException();
        }
        Container container = blocks[next / BLOCK][next % BLOCK];
        next++;
        return container;
      }
    };
  }
}
