package org.apache.heron.tests.contract;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.heron.tests.integration.Heron;

/** What a scheduler places containers on: a cluster, a stand-in of one, or this host. */
interface Backend extends AutoCloseable {
  /** The configuration folder's name. */
  String cluster();

  /** Where a role's topologies are, as commands name it. */
  default String target(String role) {
    return cluster() + "/" + role;
  }

  /** Points the command's configuration at this back end. */
  void configure(Heron heron) throws Exception;

  /**
   * Which copy of each container runs now: another text after a restart of it. Container 0 is among
   * them.
   */
  Map<Integer, String> copies(String topology) throws Exception;

  /** Waits until everything is served that containers are registered to serve. */
  default void awaitServices(String topology) {}

  /** True if the copies are real containers, so that a plan comes into force and tuples flow. */
  boolean runsTuples();

  /** True if a process of its own schedules a topology. */
  boolean hasSchedulerProcess();

  /** True if a restart gives a container the size that the plan has for it by then. */
  default boolean resizes() {
    return true;
  }

  /** What is left of a topology at the back end, for people; empty if nothing is. */
  List<String> traces(String topology) throws Exception;

  /** The kinds of shared state that hold a node of the topology, as upstream names them. */
  Set<String> state(String topology) throws Exception;

  /** Further words of a submit whose launch fails when state is written and packages uploaded. */
  default List<String> failingLaunch() throws Exception {
    return containersThatNeverRun(3);
  }

  /** Words of a submit whose containers find no core package, and which waits so long for them. */
  static List<String> containersThatNeverRun(int seconds) {
    return List.of(
        "--config-property",
        "heron.package.core.uri=file:///no/such/heron-core.tar.gz",
        "--config-property",
        "heron.submit.timeout.seconds=" + seconds);
  }

  /** From now on whoever takes commands for the topology cannot be reached. */
  void cutOff(String topology) throws Exception;

  /** That is over, unless {@code heron kill} is to see to it itself. */
  void mend(String topology) throws Exception;

  @Override
  void close();
}
