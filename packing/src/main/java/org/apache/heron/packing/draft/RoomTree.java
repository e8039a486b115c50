package org.apache.heron.packing.draft;

import java.util.Arrays;
import org.apache.heron.packing.limits.PackingLimits;
import org.apache.heron.spi.packing.Resource;

/**
 * Finds the first container that has room for an instance, without looking at each one.
 *
 * <p>A tournament tree over the containers: a node holds the least that any container below it uses
 * of cores, RAM, disk and places. A subtree whose least is too much already has no room. The least
 * of the four may come from different containers, so a subtree that seems to have room may have
 * none; it is then marked as refusing this size. Containers only ever get fuller, so the mark holds
 * as long as the same size is looked for, and a run of equal instances visits each refusing subtree
 * once. Cores are added in the order of the instances, with the padding added last, so that sums
 * round as upstream's do. Not thread-safe.
 */
public final class RoomTree {
  private final PackingLimits limits;

  /** Containers; leaves beyond it refuse everything. */
  private int size;

  private int leaves;

  /** Of nodes, the root being 1 and the children of n being 2n and 2n + 1. */
  private double[] cpu;

  private long[] ram;
  private long[] disk;
  private int[] instances;

  /** The search in which a node was found to refuse. */
  private int[] refused;

  /** Of containers, without the padding. */
  private double[] cpuOfInstances;

  private Resource wanted = Resource.EMPTY;
  private int search;

  /** With the draft's containers as they are now. */
  public RoomTree(PackingLimits limits, PlanDraft draft) {
    this.limits = limits;
    allocate(draft.size());
    size = draft.size();
    for (int position = 0; position < size; position++) {
      setLeaf(position, draft.used(position), draft.instances(position));
    }
    for (int node = leaves - 1; node >= 1; node--) {
      update(node);
    }
  }

  private void allocate(int containers) {
    leaves = Math.max(1, Integer.highestOneBit(Math.max(1, containers - 1)) * 2);
    cpu = new double[2 * leaves];
    ram = new long[2 * leaves];
    disk = new long[2 * leaves];
    instances = new int[2 * leaves];
    refused = new int[2 * leaves];
    cpuOfInstances = new double[leaves];
    Arrays.fill(cpu, Double.POSITIVE_INFINITY);
    Arrays.fill(ram, Long.MAX_VALUE);
    Arrays.fill(disk, Long.MAX_VALUE);
    Arrays.fill(instances, Integer.MAX_VALUE);
  }

  private void setLeaf(int position, Resource used, int count) {
    Resource padded = used.plus(limits.padding());
    int leaf = leaves + position;
    cpuOfInstances[position] = used.cpu();
    cpu[leaf] = padded.cpu();
    ram[leaf] = padded.ram().bytes();
    disk[leaf] = padded.disk().bytes();
    instances[leaf] = count;
    refused[leaf] = 0;
  }

  private void update(int node) {
    int left = 2 * node;
    int right = left + 1;
    cpu[node] = Math.min(cpu[left], cpu[right]);
    ram[node] = Math.min(ram[left], ram[right]);
    disk[node] = Math.min(disk[left], disk[right]);
    instances[node] = Math.min(instances[left], instances[right]);
  }

  /** Containers in the tree. */
  public int size() {
    return size;
  }

  /** Says for what {@link #firstFrom} looks from now on. */
  public void lookFor(Resource instance) {
    wanted = instance;
    search++;
  }

  /** The first position, from this one on, whose container has room; -1 if none has. */
  public int firstFrom(int position) {
    return position >= size ? -1 : first(1, 0, leaves, position);
  }

  private int first(int node, int begin, int end, int from) {
    if (end <= from || refused[node] == search) {
      return -1;
    }
    if (!mayHaveRoom(node)) {
      refused[node] = search;
      return -1;
    }
    if (node >= leaves) {
      return begin;
    }
    int middle = (begin + end) >>> 1;
    int found = first(2 * node, begin, middle, from);
    if (found < 0) {
      found = first(2 * node + 1, middle, end, from);
    }
    if (found < 0 && begin >= from) {
      refused[node] = search;
    }
    return found;
  }

  private boolean mayHaveRoom(int node) {
    Resource capacity = limits.capacity();
    return cpu[node] + wanted.cpu() <= capacity.cpu()
        && ram[node] <= capacity.ram().bytes() - wanted.ram().bytes()
        && disk[node] <= capacity.disk().bytes() - wanted.disk().bytes()
        && instances[node] < limits.maxInstances();
  }

  /** Puts an instance of the size that is looked for into the container at that position. */
  public void take(int position) {
    int leaf = leaves + position;
    cpuOfInstances[position] += wanted.cpu();
    cpu[leaf] = cpuOfInstances[position] + limits.padding().cpu();
    ram[leaf] += wanted.ram().bytes();
    disk[leaf] += wanted.disk().bytes();
    instances[leaf]++;
    for (int node = leaf / 2; node >= 1; node /= 2) {
      update(node);
    }
  }

  /** Adds so many empty containers at the end. */
  public void append(int count) {
    if (size + count > leaves) {
      grow(size + count);
    }
    for (int i = 0; i < count; i++) {
      setLeaf(size++, Resource.EMPTY, 0);
    }
    int first = (leaves + size - count) / 2;
    int last = (leaves + size - 1) / 2;
    while (first >= 1) {
      for (int node = first; node <= last; node++) {
        update(node);
        refused[node] = 0;
      }
      first /= 2;
      last /= 2;
    }
  }

  private void grow(int containers) {
    double[] oldCpu = cpu;
    long[] oldRam = ram;
    long[] oldDisk = disk;
    int[] oldInstances = instances;
    double[] oldCpuOfInstances = cpuOfInstances;
    int oldLeaves = leaves;
    allocate(containers);
    System.arraycopy(oldCpu, oldLeaves, cpu, leaves, size);
    System.arraycopy(oldRam, oldLeaves, ram, leaves, size);
    System.arraycopy(oldDisk, oldLeaves, disk, leaves, size);
    System.arraycopy(oldInstances, oldLeaves, instances, leaves, size);
    System.arraycopy(oldCpuOfInstances, 0, cpuOfInstances, 0, size);
    for (int node = leaves - 1; node >= 1; node--) {
      update(node);
    }
  }
}
