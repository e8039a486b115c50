package org.apache.heron.minicluster.agent.process;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Decides which processes belong to a container: those that descend from its executor, those in a
 * session of one that does, and those that carry its mark in their environment (which finds a
 * process that made itself a daemon). Pure.
 */
final class ProcessTree {
  private ProcessTree() {}

  /**
   * @param rows the whole table
   * @param executor the container's first process and when it was started
   * @param command the process that runs the task's command; 0 if not known
   * @param known those that were seen to belong to it: they do, whoever is their parent now
   * @param mark a {@code NAME=value} that only this container's processes have
   * @param environmentHolds asks the kernel whether a process has that mark
   * @return those that live, parents before their children
   */
  static List<ProcessRow> members(
      List<ProcessRow> rows,
      ProcessId executor,
      long command,
      Set<ProcessId> known,
      String mark,
      BiPredicate<Long, String> environmentHolds) {
    Map<Long, ProcessRow> possible = new LinkedHashMap<>();
    for (ProcessRow row : rows) {
      // What was started before the executor is none of it: a guard against ids used again.
      if (row.start() >= executor.start()) {
        possible.put(row.pid(), row);
      }
    }
    Set<Long> sessions = new HashSet<>();
    ProcessRow first = possible.get(executor.pid());
    if (first == null || first.start() == executor.start()) {
      sessions.add(executor.pid());
    }
    if (command > 0) {
      sessions.add(command);
    }
    Map<Long, ProcessRow> members = new LinkedHashMap<>();
    if (first != null && first.start() == executor.start()) {
      members.put(first.pid(), first);
    }
    for (ProcessRow row : possible.values()) {
      if (sessions.contains(row.session())
          || known.contains(new ProcessId(row.pid(), row.start()))
          || environmentHolds.test(row.pid(), mark)) {
        members.put(row.pid(), row);
      }
    }
    addDescendants(possible, members, sessions);
    return parentsFirst(members);
  }

  private static void addDescendants(
      Map<Long, ProcessRow> possible, Map<Long, ProcessRow> members, Set<Long> sessions) {
    boolean grown = true;
    while (grown) {
      grown = false;
      for (ProcessRow row : possible.values()) {
        if (!members.containsKey(row.pid())
            && (members.containsKey(row.parent()) || sessions.contains(row.session()))) {
          members.put(row.pid(), row);
          grown = true;
        }
      }
      for (ProcessRow row : members.values()) {
        // Only a session whose leader is one of ours: a member may have stayed in a foreign one.
        grown |= row.pid() == row.session() && sessions.add(row.session());
      }
    }
  }

  private static List<ProcessRow> parentsFirst(Map<Long, ProcessRow> members) {
    Map<Long, List<ProcessRow>> children = new LinkedHashMap<>();
    ArrayDeque<ProcessRow> next = new ArrayDeque<>();
    for (ProcessRow row : members.values()) {
      if (members.containsKey(row.parent()) && row.parent() != row.pid()) {
        children.computeIfAbsent(row.parent(), parent -> new ArrayList<>()).add(row);
      } else {
        next.add(row);
      }
    }
    List<ProcessRow> ordered = new ArrayList<>();
    while (!next.isEmpty()) {
      ProcessRow row = next.poll();
      if (!row.zombie()) {
        ordered.add(row);
      }
      next.addAll(children.getOrDefault(row.pid(), List.of()));
    }
    return ordered;
  }
}
