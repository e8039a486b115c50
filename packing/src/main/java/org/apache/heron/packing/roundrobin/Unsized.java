package org.apache.heron.packing.roundrobin;

/** What an instance gets whose component is in no RAM or CPU map. */
enum Unsized {
  /** An equal share of what is left of the container. */
  SHARE,
  /** The default of an instance. */
  DEFAULT
}
