package org.apache.heron.executor.loader;

import java.util.List;

/** The packages whose classes the topology and we must have in common. */
final class SharedPackages {
  private static final List<String> PREFIXES =
      List.of(
          "org.apache.heron.api.",
          "org.apache.heron.streamlet.",
          "org.apache.heron.common.basics.",
          "org.apache.heron.shaded.",
          "org.apache.heron.classification.",
          // heron-api's KryoSerializer is written against these; topologies register serializers
          // that extend them.
          "com.esotericsoftware.",
          "org.objenesis.");

  private SharedPackages() {}

  static boolean contains(String className) {
    return PREFIXES.stream().anyMatch(className::startsWith);
  }
}
