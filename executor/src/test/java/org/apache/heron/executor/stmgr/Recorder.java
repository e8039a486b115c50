package org.apache.heron.executor.stmgr;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Where spouts and bolts of a test, which are serialized and made anew, leave what they saw. Each
 * test has records of its own name.
 */
final class Recorder {

  private static final Map<String, Queue<Object>> RECORDS = new ConcurrentHashMap<>();

  private Recorder() {}

  static void add(String name, Object seen) {
    RECORDS.computeIfAbsent(name, missing -> new ConcurrentLinkedQueue<>()).add(seen);
  }

  static List<Object> get(String name) {
    return List.copyOf(RECORDS.getOrDefault(name, new ConcurrentLinkedQueue<>()));
  }

  static int count(String name) {
    return RECORDS.getOrDefault(name, new ConcurrentLinkedQueue<>()).size();
  }

  static void clear() {
    RECORDS.clear();
  }
}
