package org.apache.heron.executor.mesh;

/** A task, and which instance the sender's plan has for it. */
record Address(int task, int tag) {

  /** The task, whatever it is: what receivers of earlier releases give credit for. */
  Address untagged() {
    return new Address(task, 0);
  }
}
