package org.apache.heron.framework.placement;

import java.util.EnumMap;
import java.util.Map;
import org.apache.heron.framework.identity.ContainerId;

/** What decides where a container fits; containers of one shape fit on the same agents. */
final class Shape {
  /** What makes two shapes the same. */
  record Key(Size size, boolean revocable) {}

  private final Key key;
  private final long[] needed = new long[Kind.count()];

  Shape(Key key) {
    this.key = key;
    Map<Kind, Long> all = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      all.put(kind, key.size().of(kind));
    }
    all.forEach((kind, quantity) -> needed[kind.index()] = quantity);
  }

  /** Container 0 never stands on what may be revoked: the others are lost without it. */
  static Key keyOf(Wish wish, Rules rules) {
    return new Key(wish.size(), rules.revocable() && !wish.container().equals(ContainerId.MANAGER));
  }

  Size size() {
    return key.size();
  }

  boolean takesRevocable() {
    return key.revocable();
  }

  boolean needsGpus() {
    return key.size().gpus() > 0;
  }

  long needed(int kind) {
    return needed[kind];
  }
}
