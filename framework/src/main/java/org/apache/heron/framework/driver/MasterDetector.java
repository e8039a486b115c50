package org.apache.heron.framework.driver;

import java.util.List;

/** Knows which masters to call. Thread-safe. */
interface MasterDetector extends AutoCloseable {
  /** Whom to try now, best first; empty while none is known. */
  List<Endpoint> candidates();

  /** True if one candidate is known to lead, so that another's coming means that it fell. */
  boolean knowsLeader();

  /** Why there is no candidate, as one line. */
  String problem();

  /** Ends threads and connections. */
  @Override
  void close();
}
